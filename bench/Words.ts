/** How a reader is told who takes part. */
import type { Name } from "./Row.ts"

export const names: Readonly<Record<Name, string>> = {
  everfold: "everfold",
  equal: "by hand, equal",
  bare: "by hand, bare",
  emmett: "Emmett",
  castore: "Castore",
  act: "Act",
  python: "Python"
}
