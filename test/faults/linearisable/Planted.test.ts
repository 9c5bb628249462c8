import { expect, it } from "vitest"
import { specification } from "./Account.ts"
import { explain } from "./Checker.ts"
import { planted } from "./Planted.ts"

it.each(planted)("judges $name", ({ history, right }) => {
  expect(explain(specification, history).complete).toBe(right)
})
