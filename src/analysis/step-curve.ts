// Owns a quantity over time that is constant between given times, and what it adds up to over any span: sliding windows ask it without
// walking through what they cover.

/** Nothing is known of it, and it counts as 0, outside its edges. */
export class StepCurve {
  readonly #edges: Float64Array
  readonly #values: Float64Array
  /** Integral from the first edge to each edge. */
  readonly #sums: Float64Array

  /** `values[i]` holds from `edges[i]` to `edges[i + 1]`; edges ascend, and there is one more of them than of values. */
  constructor(edges: Float64Array, values: Float64Array) {
    this.#edges = edges
    this.#values = values
    this.#sums = new Float64Array(edges.length)
    for (let i = 0; i < values.length; i++) {
      const width = (edges[i + 1] ?? 0) - (edges[i] ?? 0)
      this.#sums[i + 1] = (this.#sums[i] ?? 0) + width * (values[i] ?? 0)
    }
  }

  /** In the curve's unit times seconds. */
  integral(from: number, to: number): number {
    return to > from ? this.#until(to) - this.#until(from) : 0
  }

  #until(time: number): number {
    const i = lastUpTo(this.#edges, time)
    if (i < 0) return 0
    const within = i < this.#values.length ? time - (this.#edges[i] ?? 0) : 0
    return (this.#sums[i] ?? 0) + within * (this.#values[i] ?? 0)
  }
}

/** Position of the last of ascending numbers that is not above `limit`; -1 when there is none. */
export function lastUpTo(ascending: Float64Array, limit: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? Infinity) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
