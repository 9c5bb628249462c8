/** Copies of the project that may be broken: everything but what is installed, which they share. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import * as ProcessGroup from "../faults/ProcessGroup.ts"

/** The project as it is now; gone when the scope closes. */
export const make = Effect.acquireRelease(
  Effect.sync(() => {
    const folder = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), "everfold-mutant-"))
    // Some tests run it as somebody else.
    fs.chmodSync(folder, 0o755)
    fs.cpSync(project, folder, { recursive: true, filter: (path) => !shared.includes(basename(path)) })
    fs.symlinkSync(join(project, "node_modules"), join(folder, "node_modules"))
    return folder
  }),
  (folder) => Effect.sync(() => fs.rmSync(folder, { recursive: true, force: true }))
)

/** Applies a patch, or says why it does not apply; takes it back when the scope closes. */
export const patch = (folder: string, text: string): Effect.Effect<void, string, Scope.Scope> =>
  Effect.acquireRelease(apply(folder, text), () => Effect.orDie(apply(folder, text, "--reverse")))

// internal

const apply = (
  folder: string,
  text: string,
  ...options: ReadonlyArray<string>
): Effect.Effect<void, string> =>
  Effect.gen(function* () {
    const git = yield* ProcessGroup.start(() =>
      spawn("git", ["apply", "--whitespace=nowarn", ...options, "-"], {
        cwd: folder,
        detached: true,
        // In a repository around it, git would look for the files elsewhere.
        env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
        stdio: ["pipe", "pipe", "pipe"]
      })
    )
    git.stdin.end(text)
    const { code, output } = yield* ProcessGroup.ended(git)
    if (code !== 0) return yield* Effect.fail(output)
  }).pipe(Effect.scoped)

const project = join(import.meta.dirname, "..", "..")

const shared: ReadonlyArray<string> = ["node_modules", ".git", "dist", "coverage"]
