/** Every kind of change that the fields of an event can undergo, and what becomes of what is stored. */
import * as Schema from "effect/Schema"

/** A change; one that breaks comes with a payload that shows it. */
export interface Mutation {
  readonly change: string
  /** Where it can be seen: in the wire shape, or in what of it is accepted. */
  readonly side: "wire" | "accepted"
  readonly was: Schema.Struct.Fields
  readonly now: Schema.Struct.Fields
  readonly lost?: object
}

const { Int, Number, String } = Schema
const f = (was: Schema.Schema.All, now: Schema.Schema.All) => ({ was: { f: was }, now: { f: now } })
const perhaps = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })
const card = (fields: Schema.Struct.Fields) => Schema.Struct({ _tag: Schema.tag("Card"), ...fields })
const cash = Schema.Struct({ _tag: Schema.tag("Cash") })
const even = Number.pipe(Schema.filter((n) => n % 2 === 0, { identifier: "Even" }))
const digits = Schema.TemplateLiteral("no ", Number)
const Size = { Small: "S", Large: "L" } as const

interface Tree {
  readonly leaves: number
  readonly left?: Tree
}
const tree = (leaves: Schema.Schema<number>): Schema.Schema<Tree> => {
  const self: Schema.Schema<Tree> = Schema.Struct({ leaves, left: perhaps(Schema.suspend(() => self)) })
  return self
}

const wire = (mutations: ReadonlyArray<Omit<Mutation, "side">>): ReadonlyArray<Mutation> =>
  mutations.map((mutation) => ({ ...mutation, side: "wire" }))
const accepted = (mutations: ReadonlyArray<Omit<Mutation, "side">>): ReadonlyArray<Mutation> =>
  mutations.map((mutation) => ({ ...mutation, side: "accepted" }))

export const breaking: ReadonlyArray<Mutation> = [
  ...wire([
    { change: "another type", ...f(Number, String), lost: { f: 1 } },
    { change: "a field removed", was: { f: Int, g: Int }, now: { f: Int }, lost: { f: 1, g: 2 } },
    { change: "an optional field removed", was: { g: perhaps(Int) }, now: {}, lost: { g: 2 } },
    { change: "a new field that must be there", was: {}, now: { f: Int }, lost: {} },
    { change: "an optional field that must be there", was: { f: perhaps(Int) }, now: { f: Int }, lost: {} },
    {
      change: "a field that is stored under another name",
      was: { f: Int },
      now: { f: Schema.propertySignature(Int).pipe(Schema.fromKey("g")) },
      lost: { f: 1 }
    },
    {
      change: "a field inside a field removed",
      ...f(Schema.Struct({ g: Int }), Schema.Struct({ g: perhaps(Int), h: Int })),
      lost: { f: { g: 1 } }
    },
    {
      change: "a literal removed",
      ...f(Schema.Literal("EUR", "CHF"), Schema.Literal("EUR")),
      lost: { f: "CHF" }
    },
    { change: "another literal", ...f(Schema.Literal(1), Schema.Literal(2)), lost: { f: 1 } },
    { change: "a type that becomes a literal", ...f(String, Schema.Literal("EUR")), lost: { f: "CHF" } },
    {
      change: "a member of an enum removed",
      ...f(Schema.Enums(Size), Schema.Literal("S")),
      lost: { f: "L" }
    },
    { change: "null removed", ...f(Schema.NullOr(Int), Int), lost: { f: null } },
    {
      change: "null that becomes an object",
      ...f(Schema.Null, Schema.Struct({ g: perhaps(Int) })),
      lost: { f: null }
    },
    { change: "a member of a union removed", ...f(Schema.Union(Int, String), String), lost: { f: 1 } },
    {
      change: "a tagged member removed",
      ...f(Schema.Union(card({}), cash), cash),
      lost: { f: { _tag: "Card" } }
    },
    {
      change: "a field of a tagged member removed",
      ...f(Schema.Union(card({ no: Int }), cash), Schema.Union(cash, card({}))),
      lost: { f: { _tag: "Card", no: 1 } }
    },
    { change: "another type in a list", ...f(Schema.Array(Int), Schema.Array(String)), lost: { f: [1] } },
    { change: "a list that becomes one thing", ...f(Schema.Array(Int), Int), lost: { f: [1] } },
    {
      change: "a list that ends",
      ...f(Schema.Array(Int), Schema.Tuple(Schema.optionalElement(Int))),
      lost: { f: [1, 2] }
    },
    { change: "an element removed", ...f(Schema.Tuple(Int, Int), Schema.Tuple(Int)), lost: { f: [1, 2] } },
    {
      change: "a new element that must be there",
      ...f(Schema.Tuple(Int), Schema.Tuple(Int, Int)),
      lost: { f: [1] }
    },
    {
      change: "fields without a name removed",
      ...f(Schema.Record({ key: String, value: Int }), Schema.Struct({ g: perhaps(Int) })),
      lost: { f: { h: 1 } }
    },
    {
      change: "another type of fields without a name",
      ...f(Schema.Record({ key: String, value: Int }), Schema.Record({ key: String, value: String })),
      lost: { f: { h: 1 } }
    },
    { change: "a transformation added", ...f(String, Schema.NumberFromString), lost: { f: "1" } },
    { change: "a transformation removed", ...f(Schema.NumberFromString, String), lost: { f: "1" } },
    { change: "another transformation", ...f(Schema.NumberFromString, Schema.Trim), lost: { f: "1" } },
    {
      change: "a member of a union that reads it first",
      ...f(String, Schema.Union(Schema.NumberFromString, String)),
      lost: { f: "1" }
    },
    {
      change: "members that have something in common, in another order",
      ...f(Schema.Union(Schema.NumberFromString, String), Schema.Union(String, Schema.NumberFromString)),
      lost: { f: "1" }
    },
    {
      change: "a literal that another member reads first",
      ...f(Schema.Literal("1"), Schema.Union(Schema.NumberFromString, Schema.Literal("1"))),
      lost: { f: "1" }
    },
    { change: "anything that becomes something", ...f(Schema.Unknown, Int), lost: { f: "1" } },
    { change: "nothing is accepted any more", ...f(Int, Schema.Never), lost: { f: 1 } }
  ]),
  ...accepted([
    {
      change: "a lower bound raised",
      ...f(Int.pipe(Schema.nonNegative()), Int.pipe(Schema.greaterThanOrEqualTo(1))),
      lost: { f: 0 }
    },
    { change: "a lower bound added", ...f(Int, Int.pipe(Schema.positive())), lost: { f: 0 } },
    {
      change: "a lower bound that is left out",
      ...f(Number.pipe(Schema.nonNegative()), Number.pipe(Schema.positive())),
      lost: { f: 0 }
    },
    {
      change: "a second lower bound",
      ...f(Number.pipe(Schema.positive()), Number.pipe(Schema.positive(), Schema.greaterThan(2))),
      lost: { f: 1 }
    },
    {
      change: "an upper bound lowered",
      ...f(Int.pipe(Schema.lessThanOrEqualTo(9)), Int.pipe(Schema.lessThan(9))),
      lost: { f: 9 }
    },
    { change: "no fractions any more", ...f(Number, Int), lost: { f: 0.5 } },
    { change: "multiples only", ...f(Int, Int.pipe(Schema.multipleOf(5))), lost: { f: 1 } },
    { change: "a longer text needed", ...f(String, Schema.NonEmptyString), lost: { f: "" } },
    {
      change: "a shorter text needed",
      ...f(String.pipe(Schema.maxLength(9)), String.pipe(Schema.maxLength(8))),
      lost: { f: "123456789" }
    },
    {
      change: "a text that had any length",
      ...f(String, String.pipe(Schema.maxLength(1))),
      lost: { f: "12" }
    },
    { change: "a pattern added", ...f(String, String.pipe(Schema.pattern(/^a/))), lost: { f: "b" } },
    {
      change: "another pattern",
      ...f(String.pipe(Schema.pattern(/^a/)), String.pipe(Schema.pattern(/^ab/))),
      lost: { f: "a" }
    },
    {
      change: "a flag of a pattern removed",
      ...f(String.pipe(Schema.pattern(/^a/i)), String.pipe(Schema.pattern(/^a/))),
      lost: { f: "A" }
    },
    { change: "a template", ...f(String, digits), lost: { f: "5" } },
    { change: "a filter added", ...f(Number, even), lost: { f: 1 } },
    { change: "a longer list needed", ...f(Schema.Array(Int), Schema.NonEmptyArray(Int)), lost: { f: [] } },
    {
      change: "a shorter list needed",
      ...f(Schema.Array(Int), Schema.Array(Int).pipe(Schema.maxItems(1))),
      lost: { f: [1, 2] }
    },
    {
      change: "a bound in a list",
      ...f(Schema.Array(Int), Schema.Array(Int.pipe(Schema.positive()))),
      lost: { f: [0] }
    },
    {
      change: "a bound of one member of a union",
      ...f(Schema.Union(Int, Schema.Null), Schema.Union(Schema.Null, Int.pipe(Schema.positive()))),
      lost: { f: 0 }
    },
    {
      change: "a bound of a literal's type",
      ...f(Schema.Literal("", "a"), Schema.NonEmptyString),
      lost: { f: "" }
    },
    {
      change: "a rule for names of fields",
      ...f(
        Schema.Record({ key: String, value: Int }),
        Schema.Record({ key: Schema.NonEmptyString, value: Int })
      ),
      lost: { f: { "": 1 } }
    },
    {
      change: "a bound of what a text is read as",
      ...f(Schema.NumberFromString, Schema.NumberFromString.pipe(Schema.positive())),
      lost: { f: "0" }
    },
    {
      change: "a bound inside of JSON text",
      ...f(
        Schema.parseJson(Schema.Struct({ g: Int })),
        Schema.parseJson(Schema.Struct({ g: Int.pipe(Schema.positive()) }))
      ),
      lost: { f: '{"g":0}' }
    },
    {
      change: "a bound of what contains itself",
      ...f(tree(Int), tree(Int.pipe(Schema.positive()))),
      lost: { f: { leaves: 1, left: { leaves: 0 } } }
    }
  ])
]

export const allowed: ReadonlyArray<Mutation> = [
  ...wire([
    { change: "a new optional field", was: {}, now: { f: perhaps(Int) } },
    { change: "a field that may be absent now", was: { f: Int }, now: { f: perhaps(Int) } },
    { change: "a literal added", ...f(Schema.Literal("EUR"), Schema.Literal("CHF", "EUR")) },
    { change: "a literal that becomes its type", ...f(Schema.Literal("EUR", "CHF"), String) },
    { change: "an enum that becomes literals", ...f(Schema.Enums(Size), Schema.Literal("S", "L", "M")) },
    { change: "null added", ...f(Int, Schema.NullOr(Int)) },
    {
      change: "a member added to a union",
      ...f(Schema.Union(Int, String), Schema.Union(Int, String, Schema.Boolean))
    },
    {
      change: "a member that reads what is left",
      ...f(String, Schema.Union(String, Schema.NumberFromString))
    },
    { change: "a tagged member added", ...f(cash, Schema.Union(card({}), cash)) },
    {
      change: "a new optional field of a tagged member",
      ...f(Schema.Union(card({}), cash), Schema.Union(card({ no: perhaps(Int) }), cash))
    },
    {
      change: "the members of a union in another order",
      ...f(Schema.Union(Int, String), Schema.Union(String, Int))
    },
    { change: "a tuple that becomes a list", ...f(Schema.Tuple(Int, Int), Schema.Array(Int)) },
    {
      change: "a new optional element",
      ...f(Schema.Tuple(Int), Schema.Tuple(Int, Schema.optionalElement(Int)))
    },
    {
      change: "fields that lose their names",
      ...f(Schema.Struct({ g: Int }), Schema.Record({ key: String, value: Int }))
    },
    { change: "something that becomes anything", ...f(Int, Schema.Unknown) }
  ]),
  ...accepted([
    { change: "a lower bound lowered", ...f(Int.pipe(Schema.positive()), Int.pipe(Schema.nonNegative())) },
    { change: "a lower bound removed", ...f(Int.pipe(Schema.positive()), Int) },
    {
      change: "the same bound in other words",
      ...f(Int.pipe(Schema.positive()), Int.pipe(Schema.greaterThanOrEqualTo(1)))
    },
    {
      change: "an upper bound raised",
      ...f(Int.pipe(Schema.lessThan(9)), Int.pipe(Schema.lessThanOrEqualTo(9)))
    },
    { change: "fractions added", ...f(Int, Number) },
    { change: "a shorter text accepted", ...f(Schema.NonEmptyString, String) },
    {
      change: "a longer text accepted",
      ...f(String.pipe(Schema.maxLength(8)), String.pipe(Schema.maxLength(9)))
    },
    { change: "a pattern removed", ...f(String.pipe(Schema.pattern(/^a/)), String) },
    { change: "a filter removed", ...f(even, Number) },
    { change: "an empty list accepted", ...f(Schema.NonEmptyArray(Int), Schema.Array(Int)) },
    {
      change: "a rule for names of fields removed",
      ...f(
        Schema.Record({ key: Schema.NonEmptyString, value: Int }),
        Schema.Record({ key: String, value: Int })
      )
    },
    {
      change: "a looser bound of what a text is read as",
      ...f(
        Schema.NumberFromString.pipe(Schema.positive()),
        Schema.NumberFromString.pipe(Schema.nonNegative())
      )
    },
    { change: "a looser bound of what contains itself", ...f(tree(Int), tree(Number)) }
  ])
]

/** Changes that nobody can see in what is stored. */
export const same: ReadonlyArray<Mutation> = [
  ...wire([
    { change: "fields in another order", was: { f: Int, g: String }, now: { g: String, f: Int } },
    { change: "literals in another order", ...f(Schema.Literal("a", "b"), Schema.Literal("b", "a")) },
    {
      change: "a default",
      was: { f: perhaps(Int) },
      now: { f: Schema.optionalWith(Int, { exact: true, default: () => 0 }) }
    },
    { change: "a brand", ...f(String, String.pipe(Schema.brand("Id"))) }
  ]),
  ...accepted([
    {
      change: "rules in another order",
      ...f(
        Schema.NonEmptyString.pipe(Schema.maxLength(9)),
        String.pipe(Schema.maxLength(9), Schema.minLength(1))
      )
    },
    {
      change: "words about a rule",
      ...f(Int.pipe(Schema.positive()), Int.pipe(Schema.positive({ message: () => "more than nothing" })))
    },
    {
      change: "an identifier of what has a rule",
      ...f(Schema.NonEmptyString, Schema.NonEmptyString.annotations({ identifier: "Name" }))
    }
  ])
]
