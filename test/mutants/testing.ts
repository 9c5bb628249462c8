/** Vitest in a process of its own, `testing.ts <folder>`: runs a file of that copy each time it is asked to. */
import { join } from "node:path"
import { createVitest, type TestCase, type TestSuite } from "vitest/node"
import type * as Tester from "./Tester.ts"

const [root = ""] = process.argv.slice(2)
const tests: Array<Tester.Test> = []
const broken: Array<string> = []

const vitest = await createVitest("test", {
  root,
  watch: false,
  cache: false,
  poolOptions: { forks: { minForks: 1, maxForks: 1 } },
  testTimeout: 20_000,
  hookTimeout: 5000,
  teardownTimeout: 5000,
  reporters: [
    {
      onTestCaseResult: (test) => {
        const { errors = [], state } = test.result()
        if (state !== "passed" && state !== "failed") return
        const message = errors.map(({ message, stack }) => stack ?? message).join("\n")
        tests.push({ name: fullName(test), title: test.name, passed: state === "passed", message })
      },
      onTestRunEnd: (modules, errors) => {
        const all = [...modules.flatMap((module) => module.errors()), ...errors]
        broken.push(...all.map(({ message }) => message))
      }
    }
  ]
})

/** As `-t` sees it. */
const fullName = (test: TestCase | TestSuite): string =>
  test.parent.type === "module" ? test.name : `${fullName(test.parent)} ${test.name}`

const run = async ({ changed, file, filters }: Tester.Request): Promise<Tester.Results> => {
  const forget = () => changed.forEach((path) => vitest.invalidateFile(join(root, path)))
  forget()
  vitest.setGlobalTestNamePattern(new RegExp(filters.map(literal).join("|")))
  tests.length = 0
  broken.length = 0
  await vitest.runTestSpecifications([vitest.getRootProject().createSpecification(join(root, file))])
  forget()
  return { tests: [...tests], broken: [...broken] }
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")

process.on("message", (request: Tester.Request) => {
  void run(request).then((results) => process.send?.(results))
})
