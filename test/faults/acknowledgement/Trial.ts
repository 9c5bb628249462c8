/** Sends a command, loses its answer after the commit, and sends it again. */
import { CommandHandler, EventStore, StoreError } from "everfold"
import type { Aggregate, Message } from "everfold"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { isDeepStrictEqual } from "node:util"
import { Account, deposit } from "../../Bank.ts"
import * as LostAcknowledgement from "../LostAcknowledgement.ts"
import type { Clients, Log, Place, WriteSide } from "../WriteSide.ts"
import { open } from "../WriteSide.ts"
import type { Sample } from "./Samples.ts"
import { wish } from "./Samples.ts"
import type { Situation } from "./Situation.ts"

/** How an answer is lost: the store says that it does not know, or says nothing until the client goes away. */
export type Loss = "an error" | "silence"

/** What did not hold. */
export const run = (place: Place, sample: Sample, situation: Situation, loss: Loss) =>
  Effect.gen(function* () {
    const silence = yield* Deferred.make<Answer>()
    let losing = false
    const log = yield* place.log({
      around: LostAcknowledgement.around(
        ({ id }) => Effect.sync(() => losing && id === wish),
        loss === "silence"
          ? Effect.zipRight(Deferred.succeed(silence, Either.left(unknown)), Effect.never)
          : unknown
      )
    })
    const lose = ({ here, there }: Clients) =>
      Effect.gen(function* () {
        yield* Effect.forEach(sample.before, (command, n) =>
          handle(here, sample.aggregate, command, `before-${n}`)
        )
        losing = true
        const answer = yield* Effect.raceFirst(send(sample)(here), Deferred.await(silence))
        losing = false
        const original = yield* Effect.provide(written(sample), here)
        yield* Effect.forEach(others(sample, situation), (other, n) => other(n % 2 === 0 ? here : there))
        return { answer, original }
      })
    const again = (clients: Clients) =>
      Effect.gen(function* () {
        const sent = situation.to.map((stack) => send(sample)(clients[stack]))
        const answers = yield* Effect.all(sent, { concurrency: "unbounded" })
        return { answers, now: yield* Effect.provide(written(sample), clients.there) }
      })

    const [{ answer, original }, { answers, now }] = yield* opened(log, situation, lose, again)
    return [
      ...(isUnknown(answer) ? [] : [`the answer was not lost: ${JSON.stringify(answer)}`]),
      ...(original.events.length > 0 ? [] : ["nothing was written"]),
      ...(isDeepStrictEqual(now, original) ? [] : [`written twice: ${JSON.stringify(now)}`]),
      ...answers
        .filter((one) => !isDeepStrictEqual(one, Either.right(original)))
        .map((one) => `${JSON.stringify(one)} instead of the receipt ${JSON.stringify(original)}`)
    ]
  })

// internal

type Client = Context.Context<WriteSide>

const { unknown } = LostAcknowledgement

type Answer = Either.Either<CommandHandler.Receipt, unknown>

const isUnknown = (answer: Answer) =>
  Either.isLeft(answer) &&
  answer.left instanceof StoreError.StoreError &&
  answer.left.reason === "OutcomeUnknown"

const handle = (
  client: Client,
  aggregate: Aggregate.Any,
  command: Message.Tagged,
  commandId: string
): Effect.Effect<Answer> =>
  Effect.provide(Effect.either(CommandHandler.handle(aggregate, command, { commandId })), client)

const send = (sample: Sample) => (client: Client) => handle(client, sample.aggregate, sample.command, wish)

/** Other commands, for the same stream and for others; whatever becomes of them. */
const others = (sample: Sample, situation: Situation) =>
  Array.from({ length: situation.others }, (_, n) => (client: Client) => {
    const command = sample.after[n % (2 * sample.after.length)]
    return command === undefined
      ? handle(client, Account, deposit(`account${n % 7}`, 1), `other-${n}`)
      : handle(client, sample.aggregate, command, `other-${n}`)
  })

/** The receipt, as the log has it. */
const written = ({ aggregate }: Sample) =>
  Effect.gen(function* () {
    const store = yield* EventStore.EventStore
    const { events } = yield* store.readAll({ limit: 1000 })
    const mine = events.filter(({ id }) => id.startsWith(`${wish}#`))
    const { position, stream, version } = mine.at(-1) ?? { stream: "", version: 0, position: 0 }
    return {
      stream,
      version,
      position,
      events: (yield* Either.all(mine.map((one) => aggregate.codec.decode(one)))).flat()
    }
  })

/** One thing after the other, with everything closed in between or not. */
const opened = <A, B, E, F>(
  log: Log,
  { reopened }: Situation,
  first: (clients: Clients) => Effect.Effect<A, E>,
  second: (clients: Clients) => Effect.Effect<B, F>
) =>
  reopened
    ? Effect.zip(
        Effect.scoped(Effect.flatMap(open(log), first)),
        Effect.scoped(Effect.flatMap(open(log), second))
      )
    : Effect.scoped(Effect.flatMap(open(log), (clients) => Effect.zip(first(clients), second(clients))))
