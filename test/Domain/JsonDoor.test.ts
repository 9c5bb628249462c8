import { type Aggregate, CommandHandler, JsonDoor } from "everfold"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { describe, expect, expectTypeOf, it } from "vitest"
import { Product } from "../../src/Domain/Catalogue/Product.ts"
import { Reorder } from "../../src/Domain/Purchasing/Reorder.ts"
import { Account, deposit, type Deposit, type Withdraw } from "../Bank.ts"

const { assert, boolean, property, string } = FastCheck

/** The value, or why it was refused and where. */
const outcomeOf = <A>(result: Either.Either<A, JsonDoor.JsonRefused>) =>
  Either.isLeft(result) ? { reason: result.left.reason, path: result.left.path } : result.right

describe("what the Schema does not describe is a mismatch", () => {
  const secret = "4111-1111"
  const door = JsonDoor.make(
    Schema.Struct({
      id: Schema.optional(Schema.String.pipe(Schema.pattern(/^[a-z]+$/, { message: () => "letters only" }))),
      amount: Schema.optional(Schema.Int),
      text: Schema.optional(Schema.NumberFromString),
      link: Schema.optional(Schema.URL),
      inner: Schema.optional(Schema.parseJson(Schema.Struct({ a: Schema.Int }))),
      card: Schema.optional(Schema.Redacted(Schema.String.pipe(Schema.minLength(20)))),
      template: Schema.optional(Schema.TemplateLiteralParser("a", Schema.NumberFromString)),
      items: Schema.optional(Schema.Array(Schema.Struct({ n: Schema.Number })))
    })
  )

  it.each<[value: unknown, path: ReadonlyArray<string | number>, details: string]>([
    [{ id: secret }, ["id"], "letters only"],
    [{ amount: secret }, ["amount"], "Expected number"],
    [{ amount: 4111.1111 }, ["amount"], "Expected an integer"],
    [{ text: secret }, ["text"], "cannot be decoded"],
    [{ link: secret }, ["link"], "cannot be decoded"],
    [{ inner: secret }, ["inner"], "cannot be decoded"],
    [{ inner: `{"a":"${secret}"}` }, ["inner", "a"], "Expected number"],
    [{ card: secret }, ["card"], "Expected a string at least 20 character(s) long"],
    [{ template: secret }, ["template"], expect.stringMatching(/^Expected `a/)],
    [{ items: [{ n: 1 }, { n: secret }] }, ["items", 1, "n"], "Expected number"],
    [{ items: [{}] }, ["items", 0, "n"], "is missing"],
    [{ items: [{ n: 1, more: secret }] }, ["items", 0, "more"], 'is unexpected, expected: "n"'],
    [{ other: secret }, ["other"], expect.stringMatching(/^is unexpected, expected: "id" | "amount"/)],
    [secret, [], expect.stringMatching(/^Expected \{ readonly id/)],
    [[secret], [], expect.stringMatching(/^Expected \{ readonly id/)],
    [null, [], expect.stringMatching(/^Expected \{ readonly id/)]
  ])("%j", (value, path, details) => {
    const refused = Either.getOrThrow(Either.flip(door.decode(JSON.stringify(value))))
    expect(refused).toMatchObject({ _tag: "JsonRefused", reason: "Mismatch", path, details })
    expect(refused.message).not.toContain("4111")
    expect(refused.details.length).toBeLessThanOrEqual(201)
  })

  it("a long key is shown by its beginning, without half characters", () => {
    const key = `${"k".repeat(63)}😀${"k".repeat(1000)}`
    const path = [`${"k".repeat(63)}\ufffd…`]
    expect(outcomeOf(door.decode(JSON.stringify({ [key]: 1 })))).toEqual({ reason: "Mismatch", path })
    expect(outcomeOf(door.decode(`{"${key}":1e999}`))).toEqual({ reason: "UnsafeNumber", path })
  })

  it("a Schema that throws refuses", () => {
    const fragile = JsonDoor.make(
      Schema.transform(Schema.String, Schema.Number, {
        decode: (text) => {
          if (text.startsWith("x")) throw new RangeError(text)
          return text.length
        },
        encode: (length) => "-".repeat(length)
      })
    )
    expect(fragile.decode('"abc"')).toEqual(Either.right(3))
    expect(fragile.decode('"x4111"')).toEqual(
      Either.left(
        new JsonDoor.JsonRefused({ reason: "Mismatch", path: [], details: "the Schema threw RangeError" })
      )
    )
    expect(outcomeOf(fragile.encode(-1))).toEqual({ reason: "Mismatch", path: [] })
  })
})

describe("commands", () => {
  const door = JsonDoor.commands(Account)

  it("of an aggregate are told apart by their tag", () => {
    expect(door.decode('{"_tag":"Deposit","accountId":"alice","amount":5}')).toEqual(
      Either.right(deposit("alice", 5))
    )
    expectTypeOf(door).toEqualTypeOf<JsonDoor.JsonDoor<Deposit | Withdraw>>()
    expectTypeOf(door.decode).returns.toEqualTypeOf<Either.Either<Deposit | Withdraw, JsonDoor.JsonRefused>>()
  })

  it("are what a handler takes", () => {
    expectTypeOf(CommandHandler.handle<typeof Account, Deposit | Withdraw>)
      .parameter(1)
      .toEqualTypeOf<Either.Either.Right<ReturnType<typeof door.decode>>>()
  })

  it.each<[text: string, path: ReadonlyArray<string>, details: string]>([
    ['{"_tag":"Close","accountId":"alice"}', ["_tag"], 'Expected "Deposit" | "Withdraw"'],
    ['{"_tag":"Deposited","accountId":"alice","amount":5}', ["_tag"], 'Expected "Deposit" | "Withdraw"'],
    ['{"accountId":"alice","amount":5}', ["_tag"], "is missing"],
    ['{"_tag":"Deposit","accountId":"alice","amount":0}', ["amount"], "Expected a positive number"],
    ['{"_tag":"Deposit","accountId":"alice"}', ["amount"], "is missing"],
    [
      '{"_tag":"Deposit","accountId":"alice","amount":5,"actor":"root"}',
      ["actor"],
      'is unexpected, expected: "_tag" | "accountId" | "amount"'
    ],
    ["5", [], "Expected Deposit | Withdraw"]
  ])("%s is refused", (text, path, details) => {
    expect(door.decode(text)).toEqual(
      Either.left(new JsonDoor.JsonRefused({ reason: "Mismatch", path, details }))
    )
  })

  it("have limits of their own", () => {
    const small = JsonDoor.commands(Account, { bytes: 50 })
    expect(Either.isRight(small.encode(deposit("alice", 5)))).toBe(true)
    expect(outcomeOf(small.encode(deposit("alice", 500)))).toEqual({ reason: "TooLarge", path: [] })
  })

  const roundTrip = <A extends Aggregate.Any>(
    aggregate: A,
    values: FastCheck.Arbitrary<Aggregate.Command<A>>
  ) => {
    const commands = JsonDoor.commands(aggregate)
    const tags = new Map<string, number>()
    assert(
      property(values, (command) => {
        const text = Either.getOrThrow(commands.encode(command))
        expect(commands.decode(text)).toStrictEqual(Either.right(command))
        expect(commands.decode(new TextEncoder().encode(text))).toStrictEqual(Either.right(command))
        tags.set(command._tag, (tags.get(command._tag) ?? 0) + 1)
      }),
      { numRuns: 1000 }
    )
    // Each kind of command was met, and often.
    expect([...tags.keys()].sort()).toEqual(aggregate.commands.map(({ ast }) => String(ast)).sort())
    expect(Math.min(...tags.values())).toBeGreaterThan(100)
  }

  it("written and read back are the same: Product", () =>
    roundTrip(Product, Arbitrary.make(Schema.Union(...Product.commands))))
  it("written and read back are the same: Reorder", () =>
    roundTrip(Reorder, Arbitrary.make(Schema.Union(...Reorder.commands))))
  it("written and read back are the same: Account", () =>
    roundTrip(Account, Arbitrary.make(Schema.Union(...Account.commands))))

  it("of any text are the same, or refused because of half a character", () => {
    let refused = 0
    assert(
      property(string({ unit: "binary" }), boolean(), (text, cut) => {
        const command = deposit(cut ? `${text}\ud83d` : text, 5)
        const result = Either.flatMap(door.encode(command), door.decode)
        if (command.accountId.isWellFormed()) expect(result).toStrictEqual(Either.right(command))
        else expect(outcomeOf(result)).toEqual({ reason: "NotUnicode", path: ["accountId"] })
        if (Either.isLeft(result)) refused += 1
      }),
      { numRuns: 1000 }
    )
    expect(refused).toBeGreaterThan(200)
  })
})

describe("a value that could not come back is not written", () => {
  const door = JsonDoor.make(
    Schema.Struct({
      number: Schema.optional(Schema.Number),
      any: Schema.optional(Schema.Unknown),
      tags: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String }))
    })
  )
  it.each<[what: string, value: Parameters<typeof door.encode>[0], outcome: object]>([
    ["NaN", { number: Number.NaN }, { reason: "NotJson", path: [] }],
    ["Infinity", { number: Number.POSITIVE_INFINITY }, { reason: "NotJson", path: [] }],
    ["an integer beyond 2^53", { number: 2 ** 53 }, { reason: "UnsafeNumber", path: ["number"] }],
    ["a date", { any: new Date(0) }, { reason: "NotJson", path: [] }],
    ["a bigint", { any: 5n }, { reason: "NotJson", path: [] }],
    [
      "a key that is refused",
      { any: { constructor: 1 } },
      { reason: "ForbiddenKey", path: ["any", "constructor"] }
    ],
    [
      "a key that a Schema loses",
      { tags: JSON.parse('{"__proto__":"a"}') },
      { reason: "ForbiddenKey", path: [] }
    ],
    ["half a character", { tags: { a: "\ud83d" } }, { reason: "NotUnicode", path: ["tags", "a"] }],
    ["too much", { tags: { a: "a".repeat(1_048_576) } }, { reason: "TooLarge", path: [] }],
    [
      "too deep",
      { any: JSON.parse("[".repeat(32) + "]".repeat(32)) },
      expect.objectContaining({ reason: "TooDeep" })
    ],
    ["excess", { number: 1, ...{ other: 1 } }, { reason: "Mismatch", path: ["other"] }]
  ])("%s", (_, value, outcome) => {
    expect(outcomeOf(door.encode(value))).toEqual(outcome)
  })

  it("a value within itself is refused too", () => {
    const circle: { any: unknown } = { any: undefined }
    circle.any = circle
    expect(outcomeOf(door.encode(circle))).toMatchObject({ reason: "Mismatch" })
  })
})
