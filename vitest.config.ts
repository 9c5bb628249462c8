import { defineConfig } from "vitest/config"
import { TotalsReporter } from "./test/reporter.ts"

// Naming conditions replaces Vite's own, hence the rest of the list.
const conditions = ["source", "module", "node", "development|production"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    pool: "forks",
    reporters: ["default", new TotalsReporter()]
  }
})
