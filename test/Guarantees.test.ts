import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { faults } from "./faults/Faults.ts"

// Each promise in docs/guarantees.md links to the tests that hold it, by their titles, and names the faults.

const docs = path.join(import.meta.dirname, "../docs")
const text = fs.readFileSync(path.join(docs, "guarantees.md"), "utf8")

const links = [...text.matchAll(/^- \[([^\]]+)\]\(([^)]+\.ts)\)$/gm)].map(([, title = "", file = ""]) => ({
  title,
  file
}))
const promises = text.split(/^(?=\*\*)/m).slice(1)

describe("docs/guarantees.md", () => {
  it.each(links)("$file has a test: $title", ({ file, title }) => {
    const source = fs.readFileSync(path.join(docs, file), "utf8")
    expect(source.includes(`"${title}"`)).toBe(true)
  })

  it("has a test for each promise", () => {
    expect(promises.filter((promise) => !/^- \[/m.test(promise))).toEqual([])
    expect(promises.length).toBeGreaterThan(10)
  })

  it("names faults that exist, and each that exists", () => {
    const named = [...text.matchAll(/^- faults?: (.*)$/gm)].flatMap(([, names = ""]) =>
      [...names.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name)
    )
    expect(new Set(named)).toEqual(new Set(faults.map(({ name }) => name)))
  })

  it("has a mutant for each promise with a number", () => {
    const headers = fs
      .readdirSync(path.join(import.meta.dirname, "mutants"))
      .filter((file) => file.endsWith(".patch"))
      .map(
        (file) => fs.readFileSync(path.join(import.meta.dirname, "mutants", file), "utf8").split("\n", 1)[0]
      )
    const numbers = [...text.matchAll(/^\*\*(\d+)\./gm)].map(([, number]) => Number(number))
    expect(numbers).toEqual(Array.from({ length: 15 }, (_, index) => index + 1))
    for (const number of numbers) {
      expect(headers.filter((header) => header?.startsWith(`# promise ${number}:`))).not.toEqual([])
    }
  })
})
