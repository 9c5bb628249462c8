/** The laws that any user gets for free, kept by the messages of all contexts. */
import { Message } from "everfold"
import { MessageLaws } from "everfold/testing"
import * as Predicate from "effect/Predicate"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { contexts } from "../../src/Programs/bin/Contexts.ts"

/** The time of an event stands in the log today; whoever imports an old one, brings it there. */
const forgotten = ["ProductCreated", "StockUpdated", "PriceChanged", "ProductViewed"].map(
  (type) => `${type}.1.occurred_at`
)

for (const [context, aggregates] of contexts) {
  describe(context, () => {
    for (const { commands, events } of aggregates) {
      for (const law of [...MessageLaws.of(events, { forgotten }), ...MessageLaws.of(commands)]) {
        it(law.name, () => law.check())
      }
    }
  })
}

it("no aggregate of a context is left out", async () => {
  const domain = path.resolve(import.meta.dirname, "../../src/Domain")
  const files = fs
    .readdirSync(domain, { recursive: true, encoding: "utf8" })
    .filter((file) => file.includes(path.sep) && file.endsWith(".ts"))
  const found = new Map<string, Array<string>>()
  for (const file of files) {
    const module: object = await import(path.join(domain, file))
    for (const value of Object.values(module)) {
      if (!Predicate.hasProperty(value, "evolve") || !Predicate.hasProperty(value, "name")) continue
      const context = path.dirname(file)
      found.set(context, [...(found.get(context) ?? []), String(value.name)])
    }
  }
  const listed = Array.from(contexts, ([context, aggregates]) => [
    context,
    aggregates.map(({ name }) => name)
  ])
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(listed))
})

it("no event of a context is left out", async () => {
  for (const [context, aggregates] of contexts) {
    const module: object = await import(`../../src/Domain/${context}/Events.ts`)
    const listed = aggregates.flatMap(({ events }) => events.map(Message.tagOf))
    expect(listed.sort()).toEqual(Object.keys(module).sort())
  }
})
