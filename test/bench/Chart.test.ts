import * as FastCheck from "effect/FastCheck"
import { describe, expect, it } from "vitest"
import * as Chart from "../../bench/Chart.ts"
import * as Scale from "../../bench/Scale.ts"

const point = (x: number, y: number): Chart.Point => ({ x, y, low: y / 1.5, high: y * 1.5 })

const chart = (series: ReadonlyArray<Chart.Series>): string =>
  Chart.draw({ title: "Cost", x: "events", y: "µs", series })

/** Where the marks of a series are, the one in the legend first. */
const marks = (svg: string, series: number): ReadonlyArray<readonly [left: number, top: number]> =>
  svg
    .split("\n")
    .filter((line) => line.includes(`class="s${series}"`))
    .flatMap((line) => [...line.matchAll(/translate\(([\d.]+) ([\d.]+)\)/g)])
    .map(([, left, top]) => [Number(left), Number(top)])

const texts = (svg: string) =>
  [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</g)].map(([, left, top, text]) => ({
    left: Number(left),
    top: Number(top),
    text
  }))

describe("Scale", () => {
  const values = FastCheck.array(FastCheck.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1 })

  it("has room for all values, and no tick that none of them needs", () =>
    FastCheck.assert(
      FastCheck.property(values, (some) => {
        const { at, ticks } = Scale.make(some)
        const places = some.map(at)
        expect(Math.min(...places)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...places)).toBeLessThanOrEqual(1)
        expect(at(ticks[1] ?? NaN)).toBeGreaterThan(Math.min(...places))
        expect(ticks).toEqual([...ticks].sort((one, other) => one - other))
      })
    ))

  it("shows the powers of ten of a wide range, and what is between them of a narrow one", () => {
    expect(Scale.make([1000, 1_000_000]).ticks).toEqual([1e3, 1e4, 1e5, 1e6])
    expect(Scale.make([80, 390]).ticks).toEqual([50, 100, 200, 500])
    expect(Scale.make([0.003, 0.004]).ticks).toEqual([0.002, 0.005])
    expect(Scale.make([100]).ticks).toEqual([100, 200])
    expect(Scale.make([999.9999999999999]).ticks).toEqual([500, 1000])
  })

  it("writes numbers for readers", () =>
    expect([0.01234, 9.876, 99.95, 104.4, 24_031, 1e6, 1.234e6].map(Scale.label)).toEqual([
      "0.0123",
      "9.88",
      "100",
      "104",
      "24,031",
      "1 million",
      "1.23 million"
    ]))
})

describe("Chart", () => {
  it("puts what has grown by as many times as far apart, more above less", () => {
    const [, one, two, three] = marks(
      chart([{ name: "ours", points: [1, 10, 100].map((x) => point(x, x)) }]),
      0
    )
    expect((three?.[0] ?? NaN) - (two?.[0] ?? NaN)).toBeCloseTo((two?.[0] ?? NaN) - (one?.[0] ?? NaN), 1)
    expect((two?.[1] ?? NaN) - (three?.[1] ?? NaN)).toBeCloseTo((one?.[1] ?? NaN) - (two?.[1] ?? NaN), 1)
    expect(one?.[1]).toBeGreaterThan(three?.[1] ?? NaN)
  })

  it("draws each series with its name, its points, and its last value beside them", () => {
    const svg = chart([
      { name: "ours", points: [point(1, 5), point(10, 6.25)] },
      { name: "theirs", points: [point(1, 50)] }
    ])
    expect(marks(svg, 0)).toHaveLength(1 + 2)
    expect(marks(svg, 1)).toHaveLength(1 + 1)
    expect(texts(svg).map(({ text }) => text)).toEqual(
      expect.arrayContaining(["Cost", "events", "µs", "ours", "theirs", "6.25", "50"])
    )
  })

  it("writes no value upon another, though the points are the same", () => {
    const points = [point(1, 7.77), point(10, 7.77)]
    const ends = texts(chart(["a", "b", "c"].map((name) => ({ name, points })))).filter(
      ({ text }) => text === "7.77"
    )
    expect(ends).toHaveLength(3)
    const tops = ends.map(({ top }) => top).sort((one, other) => one - other)
    expect((tops[1] ?? NaN) - (tops[0] ?? NaN)).toBeGreaterThanOrEqual(13)
    expect((tops[2] ?? NaN) - (tops[1] ?? NaN)).toBeGreaterThanOrEqual(13)
  })

  it("rounds all that is drawn to two decimals", () => {
    const points = [point(3, Math.PI), point(7, Math.E), point(11, Math.SQRT2)]
    expect(chart([{ name: "ours", points }])).not.toMatch(/[.]\d{3}/)
  })

  it("escapes what a name may contain", () =>
    expect(chart([{ name: "<b> & c", points: [point(1, 1)] }])).toContain(">&lt;b&gt; &amp; c<"))
})
