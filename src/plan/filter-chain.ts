// Owns how a libavfilter graph is written down: escaping, filters in a row, labels where rows part and join. Pure.

export type FilterOptions = Readonly<Record<string, string | number>>

/**
 * A graph of one open input and one open output, written filter by filter. The row at hand is the one that filters are added to; its
 * end is the output.
 */
export class FilterChain {
  readonly #rows: string[] = []
  #row = ''
  /** As against labels alone. */
  #hasFilter = false
  #labels = 0

  get isEmpty(): boolean {
    return this.#rows.length === 0 && this.#row === ''
  }

  add(name: string, options: FilterOptions = {}): this {
    this.#row += `${this.#hasFilter ? ',' : ''}${written(name, options)}`
    this.#hasFilter = true
    return this
  }

  /** Ends the row in this many labels (it needs a filter with as many outputs), and begins a new one. */
  end(count = 1): string[] {
    if (!this.#hasFilter) this.add('null')
    const labels = Array.from({ length: count }, () => `f${this.#labels++}`)
    this.#rows.push(`${this.#row}${bracketed(labels)}`)
    this.#row = ''
    this.#hasFilter = false
    return labels
  }

  /** Begins the row, which has to be empty, at these labels. */
  from(...labels: readonly string[]): this {
    this.#row = bracketed(labels)
    return this
  }

  toString(): string {
    return [...this.#rows, this.#row].join(';')
  }
}

function bracketed(labels: readonly string[]): string {
  return labels.map((label) => `[${label}]`).join('')
}

function written(name: string, options: FilterOptions): string {
  const entries = Object.entries(options).map(([key, value]) => `${key}=${escaped(value)}`)
  return entries.length === 0 ? name : `${name}=${entries.join(':')}`
}

/**
 * An option's value as it stands in a graph. Two parsers take it apart, first the graph's (rows, filters, labels), then the filter's
 * (options), and each of them takes a backslash off; both also drop plain spaces at the edges of a value.
 */
function escaped(value: string | number): string {
  const text = typeof value === 'number' ? decimal(value) : value
  const inOptions = text.replace(/[\\':\s]/g, '\\$&')
  return inOptions.replace(/[\\'[\],;\s]/g, '\\$&')
}

/** Without an exponent, to a millionth. */
export function decimal(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '')
}
