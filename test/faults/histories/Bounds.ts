/** What no store may take, and what is too large for the stores of the histories. */
import type { Commit } from "everfold"

/** So small that they are met. */
export const limits = { eventBytes: 300, commitEvents: 6, commitBytes: 1000, metadataBytes: 300 }

/** Whether a store may take it. */
export const isValid = ({ id, parts }: Commit.Commit) =>
  id !== "" &&
  parts.every(({ stream }) => /^\w+-\w+$/.test(stream)) &&
  new Set(parts.map(({ stream }) => stream)).size === parts.length

/** Whether it is within the limits. */
export const fits = ({ metadata, parts }: Commit.Commit) => {
  const payloads = parts.flatMap(({ events }) => events.map(({ payload }) => payload.length))
  return (
    payloads.every((size) => size <= limits.eventBytes) &&
    payloads.length <= limits.commitEvents &&
    payloads.reduce((sum, size) => sum + size, 0) <= limits.commitBytes &&
    bytes(metadata) <= limits.metadataBytes
  )
}

/** How long a value is as text. */
export const bytes = (value: object) => JSON.stringify(value).length
