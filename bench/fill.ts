/** `fill.ts DIRECTORY SETTING`: writes a log as long as the setting says. */
import * as LongLog from "./growth/LongLog.ts"

const [directory = "", setting = ""] = process.argv.slice(2)
await LongLog.write({ directory, setting })
