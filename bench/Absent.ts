/** Why somebody cannot take part on this machine, in words that say what to do about it. */
export class Absent extends Error {}

/**
 * Work that needs what may not be installed: a package, or a program.
 */
export const installed =
  <Place, A>(how: string, open: (place: Place) => Promise<A>) =>
  async (place: Place): Promise<A> => {
    try {
      return await open(place)
    } catch (error) {
      if (isMissing(error)) throw new Absent(`not installed; ${how}`)
      throw error
    }
  }

// internal

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "ENOENT")
