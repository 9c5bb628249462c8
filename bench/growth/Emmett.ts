/** Emmett, whose logs have become long by its own appends before they are measured. */
import { packaged } from "../Others.ts"
import type { Open } from "../Row.ts"
import * as Length from "./Length.ts"

/** Its appends. */
export const append: Open = packaged(async () => {
  const { append } = await import("../rivals/Emmett.ts")
  return async (place) => {
    const contender = await append({ ...place, setting: "FULL" })
    await contender("100 events", Length.of(place) / 100)
    return contender
  }
})

/** Its commands. A thousand streams of 8 events lie beside those that they are sent to. */
export const command: Open = packaged(async () => {
  const { command } = await import("../rivals/Emmett.ts")
  return (place) => {
    const plan = { "1 caller": Length.of(place) / 8 - 1000, "1,000 callers, 1,000 streams": 0 }
    return command({ ...place, setting: "FULL", plan })
  }
})
