/** What stored events mean, or which of them cannot be decoded. */
import * as Either from "effect/Either"
import type { Past, Recorded, Stored } from "../Domain/Event.ts"
import type { CodecError, EventCodec, Reading } from "../Domain/EventCodec.ts"
import type { Tagged } from "../Domain/Message.ts"
import * as StoreError from "./StoreError.ts"

/** What one event means today, which may be several events or none. */
export const one = <E extends Tagged>(
  codec: Reading<E>,
  stored: Stored
): Either.Either<ReadonlyArray<Recorded<E>>, StoreError.StoreError> =>
  Either.mapLeft(codec.decode(stored), undecodable(stored))

/** What events mean, one after the other. */
export const all = <E extends Tagged>(
  codec: Reading<E>,
  events: ReadonlyArray<Stored>
): Either.Either<ReadonlyArray<Recorded<E>>, StoreError.StoreError> => flatten(events, codec.decode)

/** The same without their envelopes, for whoever folds them. */
export const payloads = <E extends Tagged>(
  codec: EventCodec<E>,
  events: ReadonlyArray<Past>
): Either.Either<ReadonlyArray<E>, StoreError.StoreError> => flatten(events, codec.decodeEvents)

// internal

const flatten = <S extends Past, A>(
  events: ReadonlyArray<S>,
  decode: (stored: S) => Either.Either<ReadonlyArray<A>, CodecError>
): Either.Either<ReadonlyArray<A>, StoreError.StoreError> => {
  const all: Array<A> = []
  for (const stored of events) {
    const meaning = decode(stored)
    if (Either.isLeft(meaning)) return Either.left(undecodable(stored)(meaning.left))
    for (const one of meaning.right) all.push(one)
  }
  return Either.right(all)
}

const undecodable =
  ({ revision, stream, type, version }: Past) =>
  ({ details }: CodecError): StoreError.StoreError =>
    StoreError.make("Undecodable", `${type} revision ${revision} (${stream} version ${version}): ${details}`)
