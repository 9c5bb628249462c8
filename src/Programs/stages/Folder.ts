/** Where a stage keeps its files: in a folder that nobody else uses. */
import * as Context from "effect/Context"

/** The path of the folder. */
export class Folder extends Context.Tag("everfold/stages/Folder")<Folder, string>() {}
