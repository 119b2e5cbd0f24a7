// Owns the Universal Scalability Law: N. J. Gunther, "A Simple Capacity Model of Massively Parallel Transaction Systems" (1993) and
// "Guerrilla Capacity Planning" (2007), chapter 5:
//
//   X(N) = λN / (1 + σ(N − 1) + κN(N − 1))
//
// λ: throughput of one worker; σ: share of the work that is serial (contention); κ: cost of workers waiting for each other (coherency).

export interface UslModel {
  readonly lambda: number
  readonly sigma: number
  readonly kappa: number
  /** Largest distance of a measurement from the curve, as a share of the measurement. */
  readonly worstResidual: number
}

export interface ScalingPoint {
  readonly workers: number
  /** Work per second. */
  readonly throughput: number
  /** Standard error of the throughput; the smaller, the more the point counts. */
  readonly error: number
}

/** Throughput at `workers` by the law. */
export function uslThroughput({ lambda, sigma, kappa }: Omit<UslModel, 'worstResidual'>, workers: number): number {
  return (lambda * workers) / (1 + sigma * (workers - 1) + kappa * workers * (workers - 1))
}

/**
 * The law's curve nearest to the points, with σ and κ not negative. N / X(N) is linear in 1/λ, σ/λ and κ/λ: weighted least squares over
 * each set of coefficients that may be other than zero, of which the best with no negative one is taken. Points at fewer than three
 * numbers of workers tell nothing of κ, at fewer than two nothing of σ; these are zero then. Null without points.
 */
export function fitUsl(points: readonly ScalingPoint[]): UslModel | null {
  const distinct = new Set(points.map(({ workers }) => workers)).size
  const choices = [[0], [0, 1], [0, 2], [0, 1, 2]].filter((terms) => terms.length <= distinct && (distinct > 2 || !terms.includes(2)))
  let best: { model: UslModel; loss: number } | null = null
  for (const terms of choices) {
    const solution = leastSquares(points, terms)
    if (solution === null || solution.some((value) => value < 0)) continue
    const [inverse, serial, coherency] = solution
    if (inverse <= 0) continue
    const curve = { lambda: 1 / inverse, sigma: serial / inverse, kappa: coherency / inverse }
    const loss = points.reduce((sum, point) => sum + weighted(point) * (uslThroughput(curve, point.workers) - point.throughput) ** 2, 0)
    if (best !== null && loss >= best.loss * (1 - 1e-9)) continue
    const residuals = points.map(({ workers, throughput }) => Math.abs(uslThroughput(curve, workers) - throughput) / throughput)
    best = { model: { ...curve, worstResidual: Math.max(...residuals) }, loss }
  }
  return best?.model ?? null
}

/** Errors below this share of the throughput are luck, not precision. */
const leastError = 0.002

function weighted({ throughput, error }: ScalingPoint): number {
  return 1 / Math.max(error, leastError * throughput) ** 2
}

/** Coefficients of N / X = a0 + a1 (N − 1) + a2 N (N − 1), zero for terms left out; null when the points do not determine them. */
function leastSquares(points: readonly ScalingPoint[], terms: readonly number[]): [number, number, number] | null {
  const rows = points.map((point) => {
    const { workers: n, throughput: x } = point
    const basis = [1, n - 1, n * (n - 1)]
    // An error e of X moves N / X by N e / X².
    return { values: terms.map((term) => basis[term] ?? 0), target: n / x, weight: weighted(point) * ((x * x) / n) ** 2 }
  })
  const size = terms.length
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) =>
      rows.reduce((sum, { values, weight }) => sum + weight * (values[i] ?? 0) * (values[j] ?? 0), 0),
    ),
    rows.reduce((sum, { values, target, weight }) => sum + weight * (values[i] ?? 0) * target, 0),
  ])
  const solved = solve(matrix)
  if (solved === null) return null
  const coefficients: [number, number, number] = [0, 0, 0]
  for (const [i, term] of terms.entries()) coefficients[term] = solved[i] ?? 0
  return coefficients
}

/** Gauss-Jordan elimination with row pivots; the last column is the right-hand side. Null for a singular matrix. */
function solve(matrix: readonly (readonly number[])[]): number[] | null {
  const rows = matrix.map((row) => [...row])
  const size = rows.length
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let column = 0; column < size; column++) {
    const scale = Math.max(...matrix.map((row) => Math.abs(row[column] ?? 0)))
    const candidates = rows.map((_, row) => row).filter((row) => row >= column)
    const pivot = candidates.reduce((best, row) => (Math.abs(at(row, column)) > Math.abs(at(best, column)) ? row : best), column)
    if (Math.abs(at(pivot, column)) <= 1e-12 * scale) return null
    const [taken = []] = rows.splice(pivot, 1)
    rows.splice(column, 0, taken)
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = at(row, column) / at(column, column)
      rows[row] = (rows[row] ?? []).map((value, i) => value - factor * (taken[i] ?? 0))
    }
  }
  return rows.map((_, row) => at(row, size) / at(row, row))
}
