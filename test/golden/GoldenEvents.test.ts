/** `npm run golden` writes what is missing; see CONTRIBUTING.md. */
import { EventCodec, Message, Revisions } from "everfold"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { all, folder, problemsOf, write } from "./EventFiles.ts"
import { type GoldenEvent, problems, renew } from "./GoldenEvent.ts"

it.each(all)("what is stored of $name decodes, and means what it meant", (context) => {
  expect(problemsOf(context)).toEqual([])
})

it("every folder is that of a context", () => {
  expect(fs.readdirSync(folder).sort()).toEqual(all.map(({ name }) => name).sort())
})

class Paid1 extends Message.Struct<Paid1>()("Paid", { euros: Schema.Int }) {}
const paid2 = Schema.TaggedStruct("Paid", { cents: Schema.Int })
class Paid2 extends Message.Struct<Paid2>()(
  "Paid",
  { cents: Schema.Int },
  Revisions.first(Paid1).now(({ euros }) => ({ cents: euros * 100 }))
) {}
class Paid3 extends Message.Struct<Paid3>()(
  "Paid",
  { amount: Schema.Int },
  Revisions.first(Paid1)
    .next(paid2, ({ euros }) => ({ cents: euros * 100 }))
    .now(({ cents }) => ({ amount: cents }))
) {}
/** Its author has forgotten that there were euros. */
class Broken extends Message.Struct<Broken>()(
  "Paid",
  { amount: Schema.Int },
  Revisions.first(Paid1)
    .next(paid2, ({ euros }) => ({ cents: euros }))
    .now(({ cents }) => ({ amount: cents }))
) {}
class Stricter extends Message.Struct<Stricter>()("Paid", { euros: Schema.Int.pipe(Schema.lessThan(5)) }) {}

const form = { type: "Paid", revision: 1 }
const codecOf = (message: Message.Any) => EventCodec.make([message])
const renewed = (message: Message.Any, golden: GoldenEvent) =>
  Either.getOrThrow(renew(codecOf(message), form, golden))
const meant = (revision: number, payload: object) => [{ type: "Paid", revision, payload }]

describe("a golden event", () => {
  const first = renewed(Paid1, { payload: { euros: 5 }, means: [] })
  const second = renewed(Paid2, first)

  it("gets another meaning with another revision, and keeps those that it has", () => {
    expect(first.means).toEqual([meant(1, { euros: 5 })])
    expect(second.means).toEqual([meant(1, { euros: 5 }), meant(2, { cents: 500 })])
    expect(renewed(Paid3, second).means).toEqual([...second.means, meant(3, { amount: 500 })])
    expect(renewed(Paid2, second)).toBe(second)
  })

  it("fails until the new meaning is recorded", () => {
    expect(problems(codecOf(Paid2), form, first)).toEqual([
      "what Paid.1 means today is not recorded: npm run golden"
    ])
    expect(problems(codecOf(Paid2), form, second)).toEqual([])
  })

  it("fails when it means something else, and is not written over", () => {
    const difference =
      'Paid.1 meant [{"type":"Paid","revision":2,"payload":{"cents":500}}],' +
      ' and means [{"type":"Paid","revision":3,"payload":{"amount":5}}] now'
    expect(problems(codecOf(Broken), form, second)).toEqual([difference])
    expect(renew(codecOf(Broken), form, second)).toEqual(Either.left(difference))
  })

  it("fails when it does not decode any more", () => {
    const failure = expect.stringMatching(/^Paid.1 does not decode any more: Paid: .*less than 5/s)
    expect(problems(codecOf(Stricter), form, first)).toEqual([failure])
    expect(renew(codecOf(Stricter), form, first)).toEqual(Either.left(failure))
    expect(problems(codecOf(Paid1), { type: "Paid", revision: 2 }, second)).toEqual([
      "Paid.2 does not decode any more: Paid: revision 2 is not known"
    ])
  })

  it("may mean nothing any more", () => {
    const dropped = Revisions.dropped(Paid1)
    expect(renewed(dropped, first).means).toEqual([meant(1, { euros: 5 }), []])
  })
})

describe("the files of a context", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "golden-"))
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }))
  const shop = (message: Message.Any) => ({ name: "Shop", events: [message] })
  const file = (name: string) => path.join(root, "Shop", name)

  it("are missed, are written, and are not changed again", () => {
    expect(problemsOf(shop(Paid1), root)).toEqual(["Shop/Paid.1.json is missing: npm run golden"])
    expect(write(shop(Paid1), root)).toEqual(["Shop/Paid.1.json"])
    expect(problemsOf(shop(Paid1), root)).toEqual([])
    const before = fs.readFileSync(file("Paid.1.json"), "utf8")
    expect(write(shop(Paid1), root)).toEqual([])
    expect(fs.readFileSync(file("Paid.1.json"), "utf8")).toBe(before)
  })

  it("grow with a revision, and stay when their type is gone", () => {
    write(shop(Paid1), root)
    expect(write(shop(Paid2), root)).toEqual(["Shop/Paid.1.json", "Shop/Paid.2.json"])
    expect(problemsOf(shop(Paid2), root)).toEqual([])
    expect(problemsOf({ name: "Shop", events: [] }, root)).toEqual([
      "Paid.1 does not decode any more: Paid: is none of the declared events",
      "Paid.2 does not decode any more: Paid: is none of the declared events"
    ])
  })

  it("have names that say what they are", () => {
    write(shop(Paid1), root)
    fs.writeFileSync(file("Paid.json"), "{}")
    expect(problemsOf(shop(Paid1), root)).toEqual(["Shop/Paid.json is not called <Type>.<revision>.json"])
  })
})
