/** When and to whom a command is sent again whose answer was lost. */
import type { Clients } from "../WriteSide.ts"

/** What has become of the world in the meantime. */
export interface Situation {
  readonly name: string
  /** Everything was closed and opened again. */
  readonly reopened: boolean
  /** So many other commands were handled. */
  readonly others: number
  /** Whom it is sent to, all at the same time. */
  readonly to: ReadonlyArray<keyof Clients>
}

export const situations: ReadonlyArray<Situation> = [
  { name: "to the same stack", reopened: false, others: 0, to: ["here"] },
  { name: "to another stack", reopened: false, others: 0, to: ["there"] },
  { name: "after reopening", reopened: true, others: 0, to: ["here"] },
  { name: "racing with itself", reopened: false, others: 0, to: ["here", "there", "here", "there"] },
  { name: "after 100 other commands", reopened: false, others: 100, to: ["here"] },
  { name: "after 100 others, to another stack", reopened: false, others: 100, to: ["there"] },
  {
    name: "after 100 others and reopening, racing",
    reopened: true,
    others: 100,
    to: ["there", "here", "here"]
  }
]
