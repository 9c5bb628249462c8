// The arrows of the house. Upper and lower case decide what a folder is, so a new context or a new
// mechanism needs no change here; a new vendor is a line in `homes`, a new pure module of effect a word
// in `data`. test/Architecture.test.ts plants what each rule forbids.

/** Modules of effect that the Domain may use: values and functions, nothing that needs a runtime. */
const data = `
  Array BigDecimal BigInt Boolean Brand Chunk Data DateTime Duration Either Encoding Equal Equivalence
  Function HKT Hash HashMap HashSet Inspectable Iterable JSONSchema List Match NonEmptyIterable Number
  Option Order Ordering ParseResult Pipeable Predicate Pretty Record RedBlackTree Redacted RegExp Schema
  SchemaAST SortedMap SortedSet String Struct Symbol Trie Tuple Types Unify`
  .trim()
  .split(/\s+/)

/** Vendors, each with the mechanisms that may import it. */
const homes = {
  "@effect/experimental": ["sql", "sqlite", "postgres"],
  "@effect/platform": ["sql", "sqlite", "postgres"],
  "@effect/sql": ["sql", "sqlite", "postgres"],
  "@effect/sql-sqlite-node": ["sqlite"],
  "better-sqlite3": ["sqlite"],
  nodemailer: ["Allocation/smtp"]
}

const door = "^src/[^/]+[.]ts$"
const mechanism = "^src/Layers/[a-z][^/]*/"
/** A context's own, for its own port: what it needs of a vendor is nobody else's business. */
const ownMechanism = "^src/Layers/[A-Z][^/]*/[a-z][^/]*/"
const kernel = ["^src/(?:Domain|Services|Layers)/[^/]+$", "^src/(?:Domain|Services)/[a-z][^/]*/"]
const context = "^src/(?:Domain|Services|Layers)/[A-Z][^/]*/"
const programs = "^src/Programs/(?!stages/[123]-)"
const bin = "^src/Programs/bin/"
/** Before there is a kernel. */
const stages = "^src/Programs/stages/[123]-"

const anyOf = (names) => `(?:${names.join("|")})`
// Not anchored: links and pnpm put node_modules elsewhere.
const effect = "(?:^|/)node_modules/effect/dist/"
const pureEffect = `${effect}[^/]+/${anyOf(data)}[.]`
const vendor = (name) => `(?:^|/)node_modules/${name}/`

const rules = [
  {
    name: "domain-is-lowest",
    from: { path: "^src/Domain/" },
    to: { path: "^src/(?!Domain/|index[.]ts$)" }
  },
  {
    name: "domain-is-pure",
    comment: "Testable without a runtime: data modules of effect, and nothing else from outside.",
    from: { path: "^src/Domain/" },
    to: { pathNot: ["^src/", pureEffect] }
  },
  {
    name: "services-below-layers",
    from: { path: "^src/Services/" },
    to: { path: "^src/(?!Domain/|Services/|index[.]ts$)" }
  },
  {
    name: "services-know-no-vendor",
    comment: "A port that names a vendor is an implementation.",
    from: { path: "^src/Services/" },
    to: { pathNot: ["^src/", effect] }
  },
  {
    name: "layers-below-programs",
    from: { path: ["^src/Layers/", door] },
    to: { path: programs }
  },
  {
    name: "kernel-knows-no-context",
    comment: "Doors count: what a door reaches is published.",
    from: { path: [...kernel, mechanism, door] },
    to: { path: context }
  },
  {
    name: "contexts-are-islands",
    comment: "A context speaks to another one by its published language only.",
    from: { path: "^src/(?:Domain|Services|Layers)/([A-Z][^/]*)/" },
    to: {
      path: context,
      pathNot: ["^src/(?:Domain|Services|Layers)/$1/", "^src/Domain/[^/]+/(?:Events|Commands|Values)[.]ts$"]
    }
  },
  {
    name: "contexts-use-the-door",
    comment: 'Import "everfold", as a user does.',
    from: { path: [context, programs] },
    to: { path: kernel }
  },
  {
    name: "contexts-use-the-door",
    comment: 'Import "everfold", as a user does; not its file.',
    from: { path: [context, programs] },
    to: { path: door, dependencyTypes: ["local"] }
  },
  {
    name: "vendor-stays-home",
    comment:
      "Only mechanisms and bins reach out of the house. (Domain and Services have rules of their own.)",
    from: { path: ["^src/Layers/", door, programs], pathNot: [mechanism, ownMechanism, bin] },
    to: { pathNot: ["^src/", effect] }
  },
  ...Object.entries(homes).map(([name, folders]) => ({
    name: "vendor-stays-home",
    comment: `${name} lives in src/Layers/${anyOf(folders)}.`,
    from: { path: [mechanism, ownMechanism, bin], pathNot: `^src/Layers/${anyOf(folders)}/` },
    to: { path: vendor(name) }
  })),
  {
    name: "vendor-stays-home",
    comment: "A new vendor names its home.",
    from: { path: [mechanism, ownMechanism] },
    to: { path: "(?:^|/)node_modules/", pathNot: [effect, ...Object.keys(homes).map(vendor)] }
  },
  {
    name: "main-door-needs-only-effect",
    comment: "Every other package is an optional peer.",
    from: { path: "^src/(?:index|testing)[.]ts$" },
    to: { path: "(?:^|/)node_modules/(?!effect/)", reachable: true }
  },
  {
    name: "mechanisms-are-for-stacks-and-doors",
    from: { path: "^src/", pathNot: [mechanism, door, bin, stages] },
    to: { path: mechanism }
  },
  {
    name: "mechanisms-are-for-stacks-and-doors",
    comment: "A context works with any implementation of its port: a bin chooses one.",
    from: { path: [context, "^src/Programs/"], pathNot: [ownMechanism, bin] },
    to: { path: ownMechanism }
  },
  {
    name: "doors-are-for-outside",
    from: { path: [...kernel, mechanism] },
    to: { path: door }
  },
  {
    name: "stages-are-alone",
    from: { pathNot: [stages, bin] },
    to: { path: stages }
  },
  {
    name: "no-cycles",
    from: {},
    to: { circular: true }
  },
  {
    name: "everything-resolves",
    comment: "An import that does not resolve would pass by the other rules.",
    from: { path: "^src/" },
    to: { couldNotResolve: true }
  }
]

module.exports = {
  forbidden: rules.map((rule) => ({ severity: "error", ...rule })),
  options: {
    doNotFollow: { path: "node_modules" },
    // An import of a type is an arrow too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["source", "import", "default"] }
  }
}
