/**
 * What is measured: the doors of this clone. By path, because a package inside another cannot refer to the outer
 * one by name, and nothing has to be installed here.
 */
export * from "../src/index.ts"
export * from "../src/sqlite.ts"
