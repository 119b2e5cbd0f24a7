// Owns the progress of parts that run side by side.

/** Parts of known weight become one fraction. */
export class WeightedProgress {
  readonly #total: number
  readonly #onFraction: (fraction: number) => void
  #done = 0

  constructor(total: number, onFraction: (fraction: number) => void) {
    this.#total = total
    this.#onFraction = onFraction
  }

  part(weight: number): (fraction: number) => void {
    let before = 0
    return (fraction) => {
      this.#done += (fraction - before) * weight
      before = fraction
      this.#onFraction(Math.min(1, this.#done / this.#total))
    }
  }
}
