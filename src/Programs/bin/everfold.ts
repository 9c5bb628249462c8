#!/usr/bin/env node
/** `npx everfold`: looks after the files of any program, whatever its events are. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { usage } from "./CommandLine.ts"
import * as LogCommand from "./LogCommand.ts"
import * as Main from "./Main.ts"
import { version } from "./Package.ts"
import * as StatusCommand from "./StatusCommand.ts"

const help = `
Looks after the files of a program on everfold.

Usage: npx everfold <command>

  status DIR    what its subscribers are doing; status --help tells more
  log ...       verify, backup, restore; log --help tells more
  --version     which release of everfold this is
  --help        this text
`.trim()

const log = "npx everfold log"
const [command, ...args] = process.argv.slice(2)

const everfold = Effect.suspend(() => {
  switch (command) {
    case "status":
      return StatusCommand.run(args, { call: "npx everfold status", log })
    case "log":
      return LogCommand.run(args, { call: log })
    case "--version":
      return Console.log(version)
    case "--help":
    case "-h":
      return Console.log(help)
    case undefined:
      return usage("name a command: status or log")
    default:
      return usage(`the command is status or log, not "${command}"`)
  }
})

Main.run(everfold, ({ _tag }) => Main.exitCodes[_tag])
