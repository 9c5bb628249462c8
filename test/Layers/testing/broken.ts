/** What the laws of messages say about some that break them. */
import type { Message } from "everfold"
import { MessageLaws } from "everfold/testing"
import { expect } from "vitest"

/** The names of the laws that are broken, and what each of them says. */
export const broken = (
  messages: Message.List,
  options: MessageLaws.Options = {}
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    MessageLaws.of(messages, { seed: 1, ...options }).flatMap(({ check, name }) => {
      try {
        check()
        return []
      } catch (error) {
        expect(error).toMatchObject({ _tag: "BrokenLaw" })
        return [[name, String(error instanceof Error ? error.message : error)]]
      }
    })
  )

/** A law that is broken, and no other; what it says. */
export const only = (messages: Message.List, name: string, options?: MessageLaws.Options): string => {
  const laws = broken(messages, options)
  expect(Object.keys(laws)).toEqual([name])
  return (laws[name] ?? "").replace(`${name}: `, "")
}
