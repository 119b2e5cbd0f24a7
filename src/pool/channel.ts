// Owns a one-way queue between whoever produces events and the one loop that consumes them. Unbounded: what may be in
// flight is bounded by slots, not here.

export class Channel<Item> {
  readonly #items: Item[] = []
  #end: { readonly hasFailed: boolean; readonly error: unknown } | null = null
  #wake: (() => void) | null = null

  push(item: Item): void {
    if (this.#end !== null) return
    this.#items.push(item)
    this.#signal()
  }

  /** No more items. With an error, the consumer meets it at once, before items not yet consumed. The first end counts. */
  end(error: unknown = null): void {
    this.#end ??= { hasFailed: error !== null, error }
    this.#signal()
  }

  /** Throws the error that ended the channel, if one did. */
  throwIfFailed(): void {
    if (this.#end?.hasFailed) throw this.#end.error
  }

  /** Everything not consumed yet, taken out. */
  takeAll(): Item[] {
    return this.#items.splice(0)
  }

  /** The next item, or null at the end. One consumer at a time. */
  async next(): Promise<Item | null> {
    for (;;) {
      this.throwIfFailed()
      const item = this.#items.shift()
      if (item !== undefined) return item
      if (this.#end !== null) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #signal(): void {
    this.#wake?.()
    this.#wake = null
  }
}
