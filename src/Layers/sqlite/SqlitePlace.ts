/** What is wrong with the place of a file, which SQLite does not tell. */
import { accessSync, constants, statSync } from "node:fs"
import { dirname } from "node:path"
import * as StoreError from "../../Services/StoreError.ts"

/** Why nothing can be made in a folder, which may have to be made itself, when no patience helps. */
export const obstacle = (folder: string, cause: unknown): StoreError.StoreError | undefined => {
  const found = attempt(() => statSync(folder))
  if (found === undefined) return folder === dirname(folder) ? undefined : obstacle(dirname(folder), cause)
  if (!found.isDirectory()) return StoreError.make("NotADatabase", `${folder} is a file, not a folder`, cause)
  return mayBeWritten(folder)
    ? undefined
    : StoreError.make("ReadOnly", `the folder ${folder} may not be written`, cause)
}

// internal

const mayBeWritten = (folder: string): boolean =>
  attempt(() => {
    accessSync(folder, constants.W_OK)
    return true
  }) ?? false

const attempt = <A>(look: () => A): A | undefined => {
  try {
    return look()
  } catch {
    return undefined
  }
}
