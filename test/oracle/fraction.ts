// Exact fractions, so that no oracle value depends on the order of floating-point operations.
export interface Fraction {
  readonly numerator: bigint
  /** Above 0. */
  readonly denominator: bigint
}

export function fraction(numerator: bigint | number, denominator: bigint | number = 1n): Fraction {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) }
}

/** Reads "30000/1001" (or a decimal such as "-1.317689", or a whole number). */
export function parseFraction(text: string): Fraction {
  const parts = /^(-?\d+)\/(\d+)$/.exec(text)
  if (parts?.[1] !== undefined && parts[2] !== undefined) return fraction(BigInt(parts[1]), BigInt(parts[2]))
  const decimals = text.split('.')[1]?.length ?? 0
  return fraction(BigInt(text.replace('.', '')), 10n ** BigInt(decimals))
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator)
}

export function subtract(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator)
}

/** Below 0 when a < b, 0 when they are equal, above 0 when a > b. */
export function compare(a: Fraction, b: Fraction): number {
  return Number(subtract(a, b).numerator)
}

/** The double nearest to the fraction, for terms that fit 53 bits once reduced (all that clips have). */
export function toNumber(value: Fraction): number {
  const divisor = greatestCommonDivisor(value.numerator < 0n ? -value.numerator : value.numerator, value.denominator)
  return Number(value.numerator / divisor) / Number(value.denominator / divisor)
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}
