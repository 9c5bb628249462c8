import { readdirSync } from "node:fs"
import { defineConfig, globalIgnores } from "eslint/config"
import tseslint from "typescript-eslint"

// No rule of style: prettier formats. Arrows between files are dependency-cruiser's.

const barrel = { name: "effect", message: 'Import the module: `import * as Effect from "effect/Effect"`.' }

// dependency-cruiser sees only that a context uses the door, not what it takes through it.
const onlyModulesOf = (...layers) => ({
  name: "everfold",
  allowImportNames: layers
    .flatMap((layer) => readdirSync(new URL(`src/${layer}`, import.meta.url)))
    .filter((file) => /^[A-Z].*[.]ts$/.test(file))
    .map((file) => file.slice(0, -".ts".length)),
  message: `Only the kernel's ${layers.join(" and ")} may be used here.`
})

const refuse = (message, ...selectors) => selectors.map((selector) => ({ selector, message }))
const call = (module, name) => `MemberExpression[object.name='${module}'][property.name='${name}']`

const swallowedOrUnbounded = [
  ...refuse(
    "A failure that nobody sees: handle it, or let it through.",
    call("Effect", "ignore"),
    "CallExpression[callee.property.name=/^catchAll(Cause)?$/] > ArrowFunctionExpression > MemberExpression.body[object.name='Effect'][property.name='void']"
  ),
  ...refuse(
    "A daemon that nobody watches: use forkScoped.",
    "MemberExpression[property.name='forkDaemon']",
    "ImportSpecifier[imported.name='forkDaemon']"
  ),
  ...refuse(
    "Without a bound the memory is the bound: bounded, sliding or dropping.",
    "MemberExpression[property.name='unbounded']",
    "ImportSpecifier[imported.name='unbounded']",
    "Property[key.name='capacity'][value.value='unbounded']",
    "CallExpression[arguments.length=0][callee.object.name='Mailbox'][callee.property.name='make']"
  )
]

const clockOrChance = refuse(
  "Clock and ids are services, so that a run can be repeated.",
  call("Date", "now"),
  call("Math", "random"),
  call("performance", "now"),
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "CallExpression[callee.name='Date']",
  "MemberExpression[property.name='randomUUID']",
  "ImportSpecifier[imported.name='randomUUID']"
)

const textFromOutside = refuse(
  "Text from outside comes through JsonDoor.",
  call("JSON", "parse"),
  call("Schema", "parseJson")
)

export default defineConfig(
  globalIgnores(["dist", "coverage", "test/.generated", "test/types/errors"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["src/**/*.ts", "test/**/*.ts", "bench/**/*.ts"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error"
    }
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { args: "none" }],
      "no-restricted-imports": ["error", barrel],
      "no-restricted-syntax": ["error", ...swallowedOrUnbounded, ...clockOrChance]
    }
  },
  {
    files: ["src/Layers/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...swallowedOrUnbounded] }
  },
  {
    files: ["src/Programs/**/*.ts", "src/*/[A-Z]*/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...swallowedOrUnbounded, ...clockOrChance, ...textFromOutside]
    }
  },
  {
    files: ["src/Domain/**/*.ts", "src/Services/**/*.ts"],
    rules: {
      // `as const` is allowed. A cast that cannot be avoided says why where it disables this rule.
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "no-restricted-globals": [
        "error",
        ...["Buffer", "console", "crypto", "fetch", "performance", "process", "setInterval", "setTimeout"]
      ]
    }
  },
  {
    files: ["src/Domain/[A-Z]*/**/*.ts"],
    rules: { "no-restricted-imports": ["error", barrel, onlyModulesOf("Domain")] }
  },
  {
    files: ["src/Services/[A-Z]*/**/*.ts"],
    rules: { "no-restricted-imports": ["error", barrel, onlyModulesOf("Domain", "Services")] }
  }
)
