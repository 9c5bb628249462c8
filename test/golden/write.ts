/** `npm run golden`: writes the golden events that are missing, and what those that are there mean since a revision. */
import { all, write } from "./EventFiles.ts"

try {
  const written = all.flatMap((context) => write(context))
  console.log(written.length === 0 ? "every golden event is there" : `written: ${written.join(", ")}`)
} catch (cause) {
  process.exitCode = 1
  console.error(cause instanceof Error ? cause.message : cause)
}
