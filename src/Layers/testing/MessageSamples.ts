/** Messages that are generated from their Schemas, as they would be stored. */
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import type * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as EventCodec from "../../Domain/EventCodec.ts"
import type * as Message from "../../Domain/Message.ts"

/** A message, and what is stored of it. */
export interface Sample {
  readonly event: Message.Tagged
  /** JSON text, without the tag. */
  readonly payload: string
}

/** The Schema of a message, without its history. */
export const withoutHistory = (message: Message.Any): Schema.Schema<Message.Tagged, unknown> =>
  Schema.make(message.ast)

/** Messages of a Schema; `Left` where one could not be stored, as one with a number that JSON does not have. */
export const of = (
  message: Message.Any
): FastCheck.Arbitrary<Either.Either<Sample, EventCodec.CodecError>> => {
  const schema = withoutHistory(message)
  const { encode } = EventCodec.make([schema])
  return Arbitrary.make(schema).map((event) =>
    Either.map(encode(event), ({ payload }) => ({ event, payload }))
  )
}
