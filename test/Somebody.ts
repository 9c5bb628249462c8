/** Somebody who may not do everything: nothing is forbidden to root, as whom tests are often run in a container. */
import { spawnSync } from "node:child_process"

/** As whom a process is to be started. */
export const options = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** Whether they can run this project: not where it, or Node, lies in a folder of root's own. */
export const canRun =
  spawnSync(process.execPath, ["--eval", "fs.readFileSync(process.argv[1])", import.meta.filename], options)
    .status === 0
