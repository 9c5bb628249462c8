import { LockReview, SchemaLock } from "everfold/testing"
import * as Schema from "effect/Schema"
import { expect, it } from "vitest"

const lockOf = (fields: Schema.Struct.Fields, type = "E") =>
  SchemaLock.make({
    aggregates: [
      {
        name: "Thing",
        events: [Schema.make<{ readonly _tag: string }, unknown>(Schema.TaggedStruct(type, fields).ast)],
        commands: [],
        state: Schema.Struct({})
      }
    ]
  })

const was = lockOf({ a: Schema.Int })
const wider = lockOf({ a: Schema.Number })
const other = lockOf({ a: Schema.String })

const allowed = 'event E revision 1: "a" was an integer, now a number'
const breaking = 'event E revision 1: "a" was an integer, now a text: an integer was accepted and is refused'

it.each([
  { what: "nothing that is released", now: other, committed: other, review: {} },
  { what: "what is released", now: was, committed: was, released: was, review: {} },
  {
    what: "a change that is allowed",
    now: wider,
    committed: was,
    released: was,
    review: { allowed: [allowed], stale: [allowed] }
  },
  {
    what: "a lock that was changed with the code",
    now: other,
    committed: other,
    released: was,
    review: { breaking: [`${breaking}; add a revision`] }
  },
  { what: "a change of what is not released", now: other, committed: was, review: { stale: [breaking] } },
  {
    what: "an event that is gone",
    now: lockOf({}, "F"),
    committed: lockOf({}, "F"),
    released: was,
    review: {
      breaking: [
        "event E revision 1 is gone: what is stored of it could not be read; keep it as a former form"
      ],
      allowed: ["event F revision 1 is new"]
    }
  }
])("a review of $what", ({ committed, now, released, review }) => {
  expect(LockReview.review({ now, committed: SchemaLock.print(committed), released })).toEqual({
    allowed: [],
    breaking: [],
    stale: [],
    ...review
  })
})

it.each([
  { committed: undefined, stale: /^there is no lock yet$/ },
  { committed: "[]", stale: /^it is no lock: / },
  { committed: JSON.stringify(was), stale: /^it says the same in another way$/ }
])("the committed text $committed is stale", ({ committed, stale }) => {
  const review = LockReview.review({ now: was, committed, released: was })
  expect(review).toMatchObject({ allowed: [], breaking: [] })
  expect(review.stale).toEqual([expect.stringMatching(stale)])
})
