/** What of the log somebody wants to see. */
import * as StreamName from "./StreamName.ts"

/** The events that fit each condition; without any, all of them. */
export interface Interest {
  /** Only events of these types. */
  readonly types?: ReadonlyArray<string>
  /** Only events of these categories. */
  readonly categories?: ReadonlyArray<string>
}

/** Says of an event whether it is wanted. */
export const includes = ({
  categories,
  types
}: Interest): ((stored: { readonly stream: string; readonly type: string }) => boolean) => {
  const inTypes = types && new Set(types)
  const inCategories = categories && new Set(categories)
  return ({ stream, type }) =>
    (inTypes === undefined || inTypes.has(type)) &&
    (inCategories === undefined || inCategories.has(StreamName.category(stream)))
}
