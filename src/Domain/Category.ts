/** Categories: all streams of one kind, and everything that can happen in them. */
import type { List, TagOf } from "./Message.ts"

/** A category; an aggregate is one. */
export interface Category {
  /** What its streams begin with: `<name>-<id>`. */
  readonly name: string
  readonly events: List
}

/** Events of some categories; one that is in none of them would never arrive, and does not compile. */
export type Containing<Categories extends ReadonlyArray<Category>, Events extends List> = [
  Exclude<TagOf<Events>, TagOf<Categories[number]["events"]>>
] extends [never]
  ? unknown
  : `"${Exclude<TagOf<Events>, TagOf<Categories[number]["events"]>>}" is in none of these categories`
