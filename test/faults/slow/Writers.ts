/** The statements of whoever writes events, told apart from those of subscribers that share its connection. */
import type { Statement } from "../Driver.ts"

/** Counts statements by their text. */
export interface Writers {
  readonly see: (statement: Statement) => void
  readonly statements: () => ReadonlyMap<string, number>
}

/** Counts those of the transactions in which events were written to a log. */
export const make = (file: string): Writers => {
  const counts = new Map<string, number>()
  let transaction: Array<string> = []
  return {
    statements: () => counts,
    see: ({ file: where, sql }) => {
      if (where !== file || /^(pragma|select)/i.test(sql)) return
      if (/^begin/i.test(sql)) transaction = []
      transaction.push(sql)
      if (!/^commit/i.test(sql)) return
      if (!transaction.some(writesEvents)) return
      for (const one of transaction.filter(isWriters)) counts.set(one, (counts.get(one) ?? 0) + 1)
    }
  }
}

/** Where two of them differ. */
export const differences = (alone: Writers, accompanied: Writers): ReadonlyArray<string> =>
  Array.from(new Set([...alone.statements().keys(), ...accompanied.statements().keys()])).flatMap((sql) => {
    const [before = 0, after = 0] = [alone, accompanied].map((one) => one.statements().get(sql) ?? 0)
    return before === after
      ? []
      : [`the writer has issued ${after} times instead of ${before}: ${sql.slice(0, 100)}`]
  })

// internal

const writesEvents = (sql: string) => /^insert into events/i.test(sql)

/** Steps of subscribers may share a transaction with events. */
const isWriters = (sql: string) => /^(begin|commit)/i.test(sql) || writesEvents(sql)
