/** How many events a log has before anything is measured. */
import type { Place, Setting } from "../Row.ts"

/** A thousand, ten times as many, and so on. */
export const upTo = (longest: number): ReadonlyArray<Setting> =>
  [1e3, 1e4, 1e5, 1e6].filter((events) => events <= longest).map(setting)

/** How a length is written. */
export const setting = (events: number): Setting => `${events.toLocaleString("en")} events`

/** The length that a setting stands for. */
export const of = ({ setting }: Pick<Place, "setting">): number => Number(setting.replaceAll(/\D/g, ""))
