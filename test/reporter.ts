import type { Reporter, SerializedError, TestModule, TestSuite } from "vitest/node"

type Totals = Record<"passed" | "failed" | "skipped", number>

const line = ({ passed, failed, skipped }: Totals) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped\n`

const totals = (modules: ReadonlyArray<TestModule>, unhandled: number): Totals => {
  const count = { passed: 0, failed: unhandled, skipped: 0 }
  // A module that does not load, or a hook that throws, fails without any test that failed.
  const failure = (it: TestModule | TestSuite) => {
    if (it.errors().length > 0) count.failed++
  }
  for (const module of modules) {
    failure(module)
    for (const suite of module.children.allSuites()) failure(suite)
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      count[state === "pending" ? "skipped" : state]++
    }
  }
  return count
}

/** Ends the output with `N passed, N failed, N skipped`, which a person or a machine finds without reading on. */
export class TotalsReporter implements Reporter {
  #line = ""

  constructor() {
    // At the exit, because other reporters, coverage and a slow shutdown print after the end of the run;
    // first there, because a listener of vitest ends the exit.
    process.prependOnceListener("exit", () => process.stdout.write(this.#line))
  }

  onTestRunStart(): void {
    // For a run that breaks off: it never comes to its end.
    this.#line = line({ passed: 0, failed: 1, skipped: 0 })
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<SerializedError>): void {
    this.#line = line(totals(modules, unhandled.length))
  }
}
