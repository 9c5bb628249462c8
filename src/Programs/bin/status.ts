/** `npm run status`: `npx everfold status` in this repository. */
import * as Main from "./Main.ts"
import * as StatusCommand from "./StatusCommand.ts"

const status = StatusCommand.run(process.argv.slice(2), { call: "npm run status --", log: "npm run log --" })

Main.run(status, ({ _tag }) => Main.exitCodes[_tag])
