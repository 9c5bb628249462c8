/** Whom commands are sent to. */
import { accounts } from "./Account.ts"

/** Accounts for each manner in which commands come; so many of them are sent by a lone caller. */
export const make = (lone: number) => {
  const fresh = accounts("fresh", lone)
  let touched = 0
  let stars = 0
  return {
    /** For many callers, each with an account. */
    crowd: accounts("crowd", 1000),
    /** For a lone caller: nobody has touched them before. */
    fresh,
    /** The next of the fresh ones. */
    next: (): string => {
      const accountId = fresh[touched++]
      if (accountId === undefined) throw new Error("every account has been touched")
      return accountId
    },
    /** One account that is new each time, as often as it gets a command. */
    star: (times: number): ReadonlyArray<string> => {
      const accountId = `star-${String(stars++).padStart(8, "0")}`
      return Array.from({ length: times }, () => accountId)
    }
  }
}
