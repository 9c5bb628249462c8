/** Lines between measured points, as an SVG that looks the same wherever it is drawn. */
import * as Scale from "./Scale.ts"

/** What was measured at a place: the value, and the lowest and the highest of its rounds. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly low: number
  readonly high: number
}

/** Points that belong together, in the order of x. */
export interface Series {
  readonly name: string
  readonly points: ReadonlyArray<Point>
}

/** All values are above zero. The first four series have a look of their own. */
export interface Chart {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly series: ReadonlyArray<Series>
}

/** Draws a chart on paper of its own, which is dark where its reader's screen is. */
export const draw = ({ series, title, x, y }: Chart): string => {
  const points = series.flatMap((one) => one.points)
  const across = Scale.make(points.map((point) => point.x))
  const up = Scale.make(points.flatMap(({ high, low }) => [low, high]))
  const place: Place = {
    left: (value) => area.left + across.at(value) * (area.right - area.left),
    top: (value) => area.bottom - up.at(value) * (area.bottom - area.top)
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-size="13"`,
    `  font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif">`,
    `<title>${escape(title)}</title>`,
    style,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    words(area.left, 26, title, `class="ink" font-size="15" font-weight="600"`),
    ...across.ticks.map((tick) => tickAcross(place.left(tick), tick)),
    ...up.ticks.map((tick) => tickUp(place.top(tick), tick)),
    words((area.left + area.right) / 2, area.bottom + 44, x, `class="ink" text-anchor="middle"`),
    words(area.left, 74, y, `class="ink"`),
    ...legend(series),
    ...series.map((one, index) => line(one, index, place)),
    ...ends(series, place),
    "</svg>",
    ""
  ].join("\n")
}

// internal

/** Where a value lies on the paper. */
interface Place {
  readonly left: (x: number) => number
  readonly top: (y: number) => number
}

const width = 720
const height = 372
const area = { left: 84, right: 620, top: 92, bottom: 316 }

const style = `<style>
.paper { fill: #fff; stroke: #d0d7de } .ink { fill: #24292f } .grid { stroke: #d8dee4 }
.s0 { color: #0969da } .s1 { color: #bc4c00 } .s2 { color: #1a7f37 } .s3 { color: #8250df }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117; stroke: #30363d } .ink { fill: #e6edf3 } .grid { stroke: #30363d }
.s0 { color: #58a6ff } .s1 { color: #f0883e } .s2 { color: #3fb950 } .s3 { color: #bc8cff }
}
</style>`

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** Two decimals are more than an eye can see, and the same on every machine. */
const round = (value: number): number => Number(value.toFixed(2))

const words = (left: number, top: number, text: string, look: string): string =>
  `<text x="${round(left)}" y="${round(top)}" ${look}>${escape(text)}</text>`

const tickAcross = (left: number, tick: number): string =>
  `<path class="grid" d="M${round(left)} ${area.top}V${area.bottom}"/>` +
  words(left, area.bottom + 20, Scale.label(tick), `class="ink" text-anchor="middle"`)

const tickUp = (top: number, tick: number): string =>
  `<path class="grid" d="M${area.left} ${round(top)}H${area.right}"/>` +
  words(area.left - 10, top + 4, Scale.label(tick), `class="ink" text-anchor="end"`)

const legend = (series: ReadonlyArray<Series>): ReadonlyArray<string> =>
  series.map(({ name }, index) => {
    const left = area.left + index * 150
    const mark = `<g class="s${index}">${marker(index, left + 5, 46)}</g>`
    return mark + words(left + 18, 51, name, `class="ink"`)
  })

/** The line, its points, and through each point a thin line from the lowest to the highest round. */
const line = ({ points }: Series, index: number, { left, top }: Place): string => {
  const path = points.map((point) => `${round(left(point.x))} ${round(top(point.y))}`).join("L")
  const spans = points.map(({ high, low, x }) => `M${round(left(x))} ${round(top(low))}V${round(top(high))}`)
  const markers = points.map((point) => marker(index, left(point.x), top(point.y)))
  return (
    `<g class="s${index}" fill="none" stroke="currentColor">` +
    `<path stroke-width="2" d="M${path}"/><path opacity="0.5" d="${spans.join("")}"/>${markers.join("")}</g>`
  )
}

/** A shape for each series, for those who do not see its colour. */
const marker = (index: number, left: number, top: number): string => {
  const shape = ["M-4-4H4V4H-4Z", "M0-5 5 4H-5Z", "M0-6 6 0 0 6-6 0Z", "M-5-4H5L0 5Z"][index % 4] ?? ""
  return `<path fill="currentColor" stroke="none" transform="translate(${round(left)} ${round(top)})" d="${shape}"/>`
}

/** The value of each series' last point beside it, from the top down, none upon another. */
const ends = (series: ReadonlyArray<Series>, { left, top }: Place): ReadonlyArray<string> => {
  const last = series.flatMap(({ points }, index) => points.slice(-1).map(({ x, y }) => ({ index, x, y })))
  let free = 0
  return last
    .sort((one, other) => other.y - one.y)
    .map(({ index, x, y }) => {
      const at = Math.max(top(y) + 4, free)
      free = at + 15
      return `<g class="s${index}">${words(left(x) + 12, at, Scale.label(y), `fill="currentColor"`)}</g>`
    })
}
