// What a text may say at all: seen through a door whose Schema takes anything.
import { JsonDoor } from "everfold"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"

const { array, assert, boolean, constant, constantFrom, integer, oneof, property, string } = FastCheck

const anything = JsonDoor.make(Schema.Unknown)

/** The value, or why it was refused and where. */
const outcomeOf = (result: Either.Either<unknown, JsonDoor.JsonRefused>) =>
  Either.isLeft(result) ? { reason: result.left.reason, path: result.left.path } : result.right

const nested = (depth: number, open = "[", within = "", close = "]") =>
  open.repeat(depth) + within + close.repeat(depth)

describe("what a text cannot say faithfully is refused, with its place", () => {
  it.each<[text: string, reason: string, path?: ReadonlyArray<string | number>]>([
    ["", "NotJson"],
    [" ", "NotJson"],
    ["{", "NotJson"],
    ["]", "NotJson"],
    [",", "NotJson"],
    ["'a'", "NotJson"],
    ["NaN", "NotJson"],
    ["Infinity", "NotJson"],
    ["undefined", "NotJson"],
    ["01", "NotJson"],
    ["1-2", "NotJson"],
    ["1 2", "NotJson"],
    ["[1,]", "NotJson"],
    ['{"a":1,}', "NotJson"],
    ['{"a" 1}', "NotJson"],
    ['{"a":1} // done', "NotJson"],
    ['"open', "NotJson"],
    ['"open\\', "NotJson"],
    ['"a line\nbreak"', "NotJson"],
    ['"\\x41"', "NotJson"],
    ['{"\\x41":1}', "NotJson"],
    ["\uFEFF{}", "NotJson"],

    [nested(33), "TooDeep", Array.from({ length: 32 }, () => 0)],
    [nested(33, '{"a":', "1", "}"), "TooDeep", Array.from({ length: 32 }, () => "a")],
    [`[1,{"a":${nested(31)}}]`, "TooDeep", [1, "a", ...Array.from({ length: 30 }, () => 0)]],

    ['{"__proto__":{"admin":true}}', "ForbiddenKey", ["__proto__"]],
    ['{"a":[1,{"constructor":1}]}', "ForbiddenKey", ["a", 1, "constructor"]],
    ['{"prototype":null}', "ForbiddenKey", ["prototype"]],
    ['{"\\u005f_proto__":1}', "ForbiddenKey", ["__proto__"]],
    ['{"a":1,"\\u005F\\u005Fproto\\u005f\\u005f":1}', "ForbiddenKey", ["__proto__"]],
    ['{"\\"":1,"__proto__":1}', "ForbiddenKey", ["__proto__"]],
    ['{"\\\\":1,"__proto__":1}', "ForbiddenKey", ["__proto__"]],
    ['{"a":"\\\\","__proto__":1}', "ForbiddenKey", ["__proto__"]],
    ['{"a":"{","__proto__":1}', "ForbiddenKey", ["__proto__"]],
    ['{ "a" :\t[ ] ,\n"__proto__" : 1 }', "ForbiddenKey", ["__proto__"]],

    ['{"a":1,"a":2}', "DuplicateKey", ["a"]],
    ['{"a":1,"\\u0061":2}', "DuplicateKey", ["a"]],
    ['{"a":{"b":1},"a":2}', "DuplicateKey", ["a"]],
    ['{"a":[{"b":1,"c":[{}],"b":2}]}', "DuplicateKey", ["a", 0, "b"]],
    ['{"":1,"":2}', "DuplicateKey", [""]],
    ['{"/":1,"\\/":2}', "DuplicateKey", ["/"]],
    ['{"toString":1,"toString":2}', "DuplicateKey", ["toString"]],

    ["1e999", "UnsafeNumber", []],
    ['{"a":[0,-1e999]}', "UnsafeNumber", ["a", 1]],
    ["9007199254740992", "UnsafeNumber", []],
    ["9007199254740993", "UnsafeNumber", []],
    ["-9007199254740993", "UnsafeNumber", []],
    ["9007199254740991.9", "UnsafeNumber", []],
    ["1e300", "UnsafeNumber", []],
    ["1e16", "UnsafeNumber", []],
    ['{"a":9007199254740993}', "UnsafeNumber", ["a"]],
    ["-0", "UnsafeNumber", []],
    ["-0.0e5", "UnsafeNumber", []],
    ["1e-999", "UnsafeNumber", []],
    ["0.01E-400", "UnsafeNumber", []],

    ['"\\ud83d"', "NotUnicode", []],
    ['"\\ude00\\ud83d"', "NotUnicode", []],
    ['{"a":["ok","\ud83d"]}', "NotUnicode", ["a", 1]],
    ['{"\\ud83d":1}', "NotUnicode", ["\ufffd"]],
    ['{"\ude00":1}', "NotUnicode", ["\ufffd"]]
  ])("%j: %s", (text, reason, path = []) => {
    expect(outcomeOf(anything.decode(text))).toEqual({ reason, path })
  })

  it("an error has words for a log", () => {
    const words = (text: string) => Either.getOrThrow(Either.flip(anything.decode(text))).message
    expect(words('{"a":[{"b":1,"b":2}]}')).toBe('DuplicateKey at ["a"][0]["b"]: a key that occurs twice')
    expect(words("{")).toBe("NotJson: not JSON")
    expect(words('{"line\\nbreak":1e999}')).toBe(
      'UnsafeNumber at ["line\\nbreak"]: a number beyond 2^53 - 1; send it as a string'
    )
  })
})

describe("what only looks dangerous passes", () => {
  it.each([
    '"__proto__"',
    '["constructor","constructor"]',
    '{"a":"__proto__","b":{"a":"prototype"},"c":{"a":1}}',
    '{"__proto":1,"Constructor":2,"prototypes":3,"toString":4,"hasOwnProperty":5,"length":6,"then":7}',
    '[{"a":1},{"a":1}]',
    '{"a":1,"A":2," a":3,"é":4,"e\u0301":5}',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":"1e999"}',
    '"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["',
    '"\\\\"',
    '["\\\\","\\"",",","}"]',
    '"\\ud83d\\ude00 😀 \\u0000 \u2028"',
    "9007199254740991",
    "-9007199254740991",
    "[0,0.0,0e5,0E-5,0.1,1e15,5e-324,1.5e-10,0.30000000000000004,-0.5]",
    " \r\n\t null ",
    nested(32),
    `[${nested(31)},${nested(31)}]`
  ])("%s", (text) => {
    expect(anything.decode(text)).toEqual(Either.right(JSON.parse(text)))
  })
})

describe("limits", () => {
  const small = JsonDoor.make(Schema.Unknown, { bytes: 8, depth: 2 })

  it.each<[text: string, outcome: unknown]>([
    ['"123456"', "123456"],
    ['"1234567"', { reason: "TooLarge", path: [] }],
    ['"éé"', "éé"],
    ['"ééé"', "ééé"],
    ['"éééé"', { reason: "TooLarge", path: [] }],
    ['"😀1"', "😀1"],
    ['"😀123"', { reason: "TooLarge", path: [] }],
    ["       1", 1],
    ["        1", { reason: "TooLarge", path: [] }],
    ["[[],[1]]", [[], [1]]],
    ["[[[]]]", { reason: "TooDeep", path: [0, 0] }]
  ])("%s within 8 bytes and 2 levels", (text, outcome) => {
    expect(outcomeOf(small.decode(text))).toEqual(outcome)
    expect(outcomeOf(small.decode(new TextEncoder().encode(text)))).toEqual(outcome)
  })

  it("are a mebibyte and 32 levels by default", () => {
    const fitting = `"${"é".repeat(512 * 1024 - 1)}"`
    expect(outcomeOf(anything.decode(fitting))).toBe(JSON.parse(fitting))
    expect(outcomeOf(anything.decode(`${fitting} `))).toEqual({ reason: "TooLarge", path: [] })
    expect(JsonDoor.defaults).toEqual({ bytes: 1_048_576, depth: 32 })
  })

  it("that are no numbers let nothing in", () => {
    expect(outcomeOf(JsonDoor.make(Schema.Unknown, { bytes: Number.NaN }).decode("1"))).toMatchObject({
      reason: "TooLarge"
    })
    expect(outcomeOf(JsonDoor.make(Schema.Unknown, { depth: Number.NaN }).decode("[]"))).toMatchObject({
      reason: "TooDeep"
    })
  })
})

describe("bytes", () => {
  const bytes = (...parts: ReadonlyArray<string | number>) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? part : [...Buffer.from(part)])))

  it("in UTF-8 are read as their text", () => {
    expect(anything.decode(bytes('{"é":"😀"}'))).toEqual(Either.right({ é: "😀" }))
  })

  it.each([
    ["a byte that never occurs", bytes('"', 0xff, '"'), "NotUnicode"],
    ["a character cut short", bytes('"', 0xf0, 0x9f, 0x98, '"'), "NotUnicode"],
    ["a half character encoded", bytes('"', 0xed, 0xa0, 0x80, '"'), "NotUnicode"],
    ["a quote in more bytes than it needs", bytes(0xc0, 0xa2, "a", 0xc0, 0xa2), "NotUnicode"],
    ["a mark of byte order", bytes(0xef, 0xbb, 0xbf, "{}"), "NotJson"],
    ["UTF-16", bytes("{", 0, "}", 0), "NotJson"],
    ["a key twice", bytes('{"a":1,"a":2}'), "DuplicateKey"]
  ])("%s", (_, input, reason) => {
    expect(outcomeOf(anything.decode(input))).toMatchObject({ reason })
    expect(anything.decode(bytes("1"))).toEqual(Either.right(1))
  })
})

// A Schema that recurs, and doors without limits.
interface Tree {
  readonly more: ReadonlyArray<Tree>
}
const Tree = Schema.Struct({ more: Schema.Array(Schema.suspend((): Schema.Schema<Tree> => Tree)) })
const unlimited = { bytes: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY }
const doors = [
  anything,
  JsonDoor.make(Tree),
  JsonDoor.make(Schema.Unknown, unlimited),
  JsonDoor.make(Tree, unlimited)
]

describe("whatever it is given, it answers", () => {
  /** How many doors let it in. */
  const answers = (text: string | Uint8Array): number => {
    const refused = doors.map((door) => door.decode(text)).filter(Either.isLeft)
    for (const { left } of refused) {
      expect(left).toBeInstanceOf(JsonDoor.JsonRefused)
      expect(left.message.isWellFormed()).toBe(true)
      expect(left.message.length).toBeLessThan(3000)
    }
    return doors.length - refused.length
  }

  it("characters, fragments and bytes", () => {
    const input = oneof(fragments, damaged, string({ unit: "binary" }), FastCheck.uint8Array())
    let open = 0
    assert(
      property(input, (text) => {
        open += answers(text)
      }),
      { numRuns: 5000 }
    )
    expect(open).toBeGreaterThan(100)
  })

  const tree = nested(100_000, '{"more":[', "", "]}")

  it.each<[what: string, text: string, open: number]>([
    ["arrays, 100,000 deep", nested(100_000), 1],
    ["arrays that stay open", "[".repeat(100_000), 0],
    ["objects, 100,000 deep", nested(100_000, '{"a":', "1", "}"), 1],
    ["trees, 100,000 deep", tree, 1],
    ["ends without a beginning", "]".repeat(100_000), 0],
    ["100,000 keys", `{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":0`).join()}}`, 1],
    ["a string of 10 MB", `"${"a".repeat(10_000_000)}"`, 1],
    ["escapes of 10 MB", `"${"\\\\".repeat(5_000_000)}"`, 1],
    ["backslashes of 10 MB", `"${"\\".repeat(10_000_000)}`, 0],
    ["quotes of 10 MB", '"'.repeat(10_000_000), 0],
    ["a number of 10 MB", "1".repeat(10_000_000), 0],
    ["zeros of 10 MB", `${"0".repeat(10_000_000)}1`, 0],
    ["a fraction of 10 MB", `0.${"0".repeat(10_000_000)}1`, 0],
    ["a one of 10 MB", `1.${"0".repeat(10_000_000)}`, 1],
    ["signs of 10 MB", "-".repeat(10_000_000), 0]
  ])("%s", (_, text, open) => {
    expect(answers(text)).toBe(open)
  })

  it("a Schema that recurs beyond the stack refuses", () => {
    expect(outcomeOf(JsonDoor.make(Tree, unlimited).decode(tree))).toEqual({ reason: "Mismatch", path: [] })
  })
})

const fragments = array(
  constantFrom(
    ...'{}[],:"\\ \n-+.eE019tfnu'.split(""),
    ...[
      "true",
      "null",
      "1e999",
      "-0",
      "9007199254740993",
      "0.1",
      "\\u005f",
      "\\ud83d",
      "\ud83d",
      "😀",
      "\u2028"
    ],
    ...['"a"', '"a":', '"__proto__":', '"constructor":1,', '{"a":1,', '[{"a":', "}]", "\\\\", '\\"']
  ),
  { maxLength: 40 }
).map((all) => all.join(""))

describe("laws", () => {
  it("what passes is what JSON.parse reads, and is written as it was read", () => {
    let passed = 0
    assert(
      property(oneof(damaged, FastCheck.json({ maxDepth: 5 })), (text) => {
        const result = anything.decode(text)
        if (Either.isLeft(result)) return
        passed += 1
        expect(result.right).toStrictEqual(JSON.parse(text))
        expect(JSON.parse(JSON.stringify(result.right))).toStrictEqual(result.right)
      }),
      { numRuns: 5000 }
    )
    expect(passed).toBeGreaterThan(1000)
  })

  it("what JSON.stringify makes of harmless values passes", () => {
    const harmlessKey = string().filter((key) => !forbidden.includes(key))
    const { value } = FastCheck.letrec<{ value: unknown }>((tie) => ({
      value: oneof(
        { maxDepth: 4 },
        oneof(boolean(), constant(null), FastCheck.maxSafeInteger()),
        FastCheck.double({ noNaN: true, min: -1e15, max: 1e15 }),
        string({ unit: "binary" }).map((text) => text.toWellFormed()),
        array(tie("value")),
        FastCheck.dictionary(harmlessKey, tie("value"))
      )
    }))
    assert(
      property(value, constantFrom(undefined, 2, "\t"), (harmless, indent) => {
        const text = JSON.stringify(harmless, null, indent)
        expect(anything.decode(text)).toStrictEqual(Either.right(JSON.parse(text)))
      }),
      { numRuns: 3000 }
    )
  })

  it("the first trouble of a text is found, and none where there is none", () => {
    const outcomes = new Map<unknown, number>()
    const door = JsonDoor.make(Schema.Unknown, { depth: 4 })
    assert(
      property(plan, constantFrom("", " ", "\n\t"), (value, space) => {
        const text = written(value, space)
        const [trouble] = troubles(value, [], 4)
        const result = door.decode(text)
        if (trouble === undefined) expect(result).toStrictEqual(Either.right(JSON.parse(text)))
        else expect(outcomeOf(result)).toEqual(trouble)
        const outcome = trouble?.reason ?? "none"
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }),
      { numRuns: 5000 }
    )
    for (const outcome of ["none", "TooDeep", "ForbiddenKey", "DuplicateKey", "UnsafeNumber", "NotUnicode"]) {
      expect(outcomes.get(outcome), outcome).toBeGreaterThan(50)
    }
  })

  it("a key that occurs twice is found at any depth", () => {
    const way = array(oneof(string(), integer({ min: 0, max: 3 })), { maxLength: 30 })
    assert(
      property(way, string(), boolean(), (steps, name, escaped) => {
        const safe = (key: string) => `k${key}`
        const twice = `{${spelled(safe(name), false)}:[],"other":{},${spelled(safe(name), escaped)}:0}`
        const text = steps.reduceRight<string>(
          (inner, step) =>
            typeof step === "number"
              ? `[${"{},".repeat(step)}${inner}]`
              : `{"":${JSON.stringify(steps)},${spelled(safe(step), escaped)}:${inner}}`,
          twice
        )
        const path = [...steps.map((step) => (typeof step === "number" ? step : safe(step))), safe(name)]
        expect(outcomeOf(anything.decode(text))).toEqual({ reason: "DuplicateKey", path })
      }),
      { numRuns: 1000 }
    )
  })
})

// Texts are made from plans, so that it is known what is wrong with them.

type Plan =
  | { readonly _tag: "Scalar"; readonly text: string; readonly trouble?: string }
  | { readonly _tag: "List"; readonly items: ReadonlyArray<Plan> }
  | { readonly _tag: "Entries"; readonly entries: ReadonlyArray<Entry> }

interface Entry {
  readonly key: string
  readonly escaped: boolean
  readonly value: Plan
}

interface Trouble {
  readonly reason: string
  readonly path: ReadonlyArray<string | number>
}

const forbidden = ["__proto__", "constructor", "prototype"]

const scalar = constantFrom<Plan>(
  ...[
    "0",
    "-1.5",
    "1e2",
    "true",
    "null",
    '"a"',
    '"a\\"b"',
    '"\\\\"',
    '"{"',
    '"__proto__"',
    '"\\ud83d\\ude00"'
  ].map((text): Plan => ({ _tag: "Scalar", text })),
  { _tag: "Scalar", text: "1e999", trouble: "UnsafeNumber" },
  { _tag: "Scalar", text: "-9007199254740993", trouble: "UnsafeNumber" },
  { _tag: "Scalar", text: '"\\ude00"', trouble: "NotUnicode" }
)

// So few that some occur twice; those that are refused are rare, so that others are met.
const key = oneof(
  { weight: 60, arbitrary: constantFrom("a", "b", "c", "d", "", ",", '"', "\\", "😀", "{", "toString") },
  { weight: 1, arbitrary: constantFrom(...forbidden, "\ud83d") }
)

const { plan } = FastCheck.letrec<{ plan: Plan }>((tie) => ({
  plan: oneof(
    { maxDepth: 6, depthSize: "large" },
    scalar,
    array(tie("plan"), { maxLength: 4 }).map((items): Plan => ({ _tag: "List", items })),
    array(FastCheck.record({ key, escaped: boolean(), value: tie("plan") }), { maxLength: 4 }).map(
      (entries): Plan => ({ _tag: "Entries", entries })
    )
  )
}))

/** A string of JSON, each unit of it as an escape if that is asked for. */
const spelled = (text: string, escaped: boolean): string => {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
  return escaped ? `"${text.split("").map(escape).join("")}"` : JSON.stringify(text)
}

const written = (plan: Plan, space: string): string => {
  if (plan._tag === "Scalar") return `${space}${plan.text}${space}`
  if (plan._tag === "List") return `[${space}${plan.items.map((item) => written(item, space)).join()}]`
  const entries = plan.entries.map(
    ({ key, escaped, value }) => `${space}${spelled(key, escaped)}${space}:${written(value, space)}`
  )
  return `{${entries.join()}${space}}`
}

/** The text of a plan with something put into it, or taken out of it, somewhere. */
const damaged = FastCheck.tuple(plan, fragments, FastCheck.nat(), FastCheck.nat(3)).map(
  ([plan, fragment, place, length]) => {
    const text = written(plan, "")
    const at = place % (text.length + 1)
    return text.slice(0, at) + fragment.slice(0, length) + text.slice(at + (place % 3))
  }
)

/** What is wrong with the text of a plan, in the order of the text. */
function* troubles(plan: Plan, path: Trouble["path"], depth: number): Generator<Trouble> {
  if (plan._tag === "Scalar") {
    if (plan.trouble !== undefined) yield { reason: plan.trouble, path }
    return
  }
  if (depth === 0) yield { reason: "TooDeep", path }
  if (plan._tag === "List") {
    for (const [index, item] of plan.items.entries()) yield* troubles(item, [...path, index], depth - 1)
    return
  }
  for (const [index, { key, value }] of plan.entries.entries()) {
    const here = [...path, key.toWellFormed()]
    if (!key.isWellFormed()) yield { reason: "NotUnicode", path: here }
    if (forbidden.includes(key)) yield { reason: "ForbiddenKey", path: here }
    if (plan.entries.findIndex((entry) => entry.key === key) < index)
      yield { reason: "DuplicateKey", path: here }
    yield* troubles(value, here, depth - 1)
  }
}
