/** The statements that threads are asked to run, with something around each of them. */
import { Worker } from "node:worker_threads"
import type * as Driver from "../Driver.ts"

/** Puts it around every statement that a thread is asked to run from now on; what it throws is the answer. */
export const around = (hook: Driver.Around): void => {
  const { postMessage } = Worker.prototype
  const posted = function (this: Worker, question: { readonly statement: string }) {
    let asked = false
    const ask = () => {
      asked = true
      postMessage.call(this, question)
    }
    try {
      hook({ file: "thread", sql: question.statement.replace(/\s+/g, " ").trim() }, ask)
    } catch (cause) {
      if (asked) replaceAnswer(this, answerOf(cause))
      else setImmediate(() => this.emit("message", answerOf(cause)))
    }
  }
  Object.assign(Worker.prototype, { postMessage: posted })
}

// internal

const answerOf = (cause: unknown) => {
  const { code, message } = Object.assign({ code: undefined }, cause, { message: messageOf(cause) })
  return { code, message }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

const replaceAnswer = (worker: Worker, answer: object) => {
  const { emit } = worker
  const replaced = (event: string, ...args: ReadonlyArray<unknown>): boolean => {
    if (event !== "message") return emit.call(worker, event, ...args)
    Object.assign(worker, { emit })
    return emit.call(worker, "message", answer)
  }
  Object.assign(worker, { emit: replaced })
}
