/**
 * A connection on a thread of its own, for statements that take long: checking, copying, reading a whole log. The
 * event loop goes on meanwhile.
 *
 * The thread runs a text instead of a file, so that it is the same wherever this module is: in sources that a
 * loader translates, in a package, in a bundle.
 */
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as StoreError from "../../Services/StoreError.ts"
import * as Turn from "../Turn.ts"
import * as SqliteDriver from "./SqliteDriver.ts"
import * as SqliteFailure from "./SqliteFailure.ts"

/** Which file; it must be there, and is not written to unless it says otherwise. */
export interface Options {
  readonly filename: string
  readonly readonly?: boolean
}

/** A connection that waits for locks as long as it takes others to open or close a file, and blocks nobody. */
export interface Thread {
  /** Runs one statement, after those before it. Rows as arrays. Interrupted, it ends with the statement. */
  readonly run: (
    statement: string,
    ...params: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<ReadonlyArray<unknown>>, StoreError.StoreError>
}

/** Starts a thread that ends with the scope. The file is opened by its first statement. */
export const open = ({
  filename,
  readonly = true
}: Options): Effect.Effect<Thread, StoreError.StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const options = { readonly, fileMustExist: true, timeout: 5000 }
    const worker = yield* Effect.acquireRelease(
      Effect.try({
        try: () =>
          new Worker(program, {
            eval: true,
            execArgv: [],
            workerData: [SqliteDriver.path(), filename, options]
          }),
        catch: (cause) => SqliteFailure.fromCause(filename, cause)
      }),
      (worker) => Effect.promise(() => worker.terminate())
    )
    const turn = Turn.make()
    const run: Thread["run"] = (statement, ...params) =>
      turn.take(() => Effect.uninterruptible(ask(worker, filename, { statement, params })))
    // Names in a file that somebody has made may not call what they please.
    yield* run("pragma trusted_schema = off")
    yield* run("pragma cell_size_check = on")
    return { run }
  })

// internal

const program = `
  const { parentPort, workerData: [driver, filename, options] } = require("node:worker_threads")
  let database
  parentPort.on("message", ({ statement, params }) => {
    try {
      database ??= new (require(driver))(filename, options)
      const prepared = database.prepare(statement)
      const rows = prepared.reader ? prepared.raw().all(...params) : (prepared.run(...params), [])
      parentPort.postMessage({ rows })
    } catch ({ code, message }) {
      parentPort.postMessage({ code, message })
    }
  })
`

type Answer =
  | { readonly rows: ReadonlyArray<ReadonlyArray<unknown>> }
  | { readonly rows?: never; readonly code: unknown; readonly message: string }

const ask = (worker: Worker, filename: string, question: object) =>
  Effect.async<ReadonlyArray<ReadonlyArray<unknown>>, StoreError.StoreError>((resume) => {
    const failed = (cause: unknown) => {
      quiet()
      resume(Effect.fail(SqliteFailure.fromCause(filename, cause)))
    }
    const answered = (answer: Answer) => {
      if (answer.rows === undefined)
        return failed(Object.assign(new Error(answer.message), { code: answer.code }))
      quiet()
      resume(Effect.succeed(answer.rows))
    }
    const ended = () => failed(new Error("the thread has ended"))
    const quiet = () => worker.off("message", answered).off("error", failed).off("exit", ended)
    worker.on("message", answered).on("error", failed).on("exit", ended)
    worker.postMessage(question)
  })
