// The Universal Scalability Law: curves that are known are found again, and predictions follow from arithmetic.
import { describe, expect, it } from 'vitest'
import { fitUsl, uslThroughput } from '../../src/tune/usl.ts'

const pointsOf = (curve: { lambda: number; sigma: number; kappa: number }, workers: readonly number[], error = 0) =>
  workers.map((count) => ({ workers: count, throughput: uslThroughput(curve, count), error }))

describe('the curve', () => {
  it('is λN for workers that do not hinder each other', () => {
    expect(uslThroughput({ lambda: 30, sigma: 0, kappa: 0 }, 8)).toBe(240)
  })

  it("is Amdahl's law without coherency: at most 1 / σ times one worker", () => {
    const curve = { lambda: 1, sigma: 0.1, kappa: 0 }
    expect(uslThroughput(curve, 4)).toBeCloseTo(4 / 1.3, 12)
    expect(uslThroughput(curve, 1e9)).toBeCloseTo(10, 6)
  })

  it('falls again beyond √((1 − σ) / κ) workers', () => {
    const curve = { lambda: 1, sigma: 0.04, kappa: 0.015 }
    expect(uslThroughput(curve, 8)).toBeGreaterThan(uslThroughput(curve, 6))
    expect(uslThroughput(curve, 8)).toBeGreaterThan(uslThroughput(curve, 10))
  })
})

describe('fitting', () => {
  it.each([
    { lambda: 34.5, sigma: 0.03, kappa: 0.002 },
    { lambda: 5, sigma: 0, kappa: 0.01 },
    { lambda: 900, sigma: 0.2, kappa: 0 },
  ])('finds λ $lambda, σ $sigma, κ $kappa again from points on the curve', (curve) => {
    const fitted = fitUsl(pointsOf(curve, [1, 2, 3, 4, 6, 8]))
    expect(fitted?.lambda).toBeCloseTo(curve.lambda, 6)
    expect(fitted?.sigma).toBeCloseTo(curve.sigma, 8)
    expect(fitted?.kappa).toBeCloseTo(curve.kappa, 8)
    expect(fitted?.worstResidual).toBeLessThan(1e-9)
  })

  it('never bends the curve upwards: better than linear counts as linear', () => {
    const fitted = fitUsl([
      { workers: 1, throughput: 10, error: 0.1 },
      { workers: 2, throughput: 21, error: 0.1 },
      { workers: 4, throughput: 42, error: 0.1 },
    ])
    expect(fitted).toMatchObject({ sigma: 0, kappa: 0 })
    expect(fitted?.lambda).toBeGreaterThan(10)
    expect(fitted?.lambda).toBeLessThan(10.5)
  })

  it('goes through two points with σ alone', () => {
    // 2λ / (1 + σ) = 18 and λ = 10: σ = 1/9.
    const fitted = fitUsl([
      { workers: 1, throughput: 10, error: 0 },
      { workers: 2, throughput: 18, error: 0 },
    ])
    expect(fitted?.sigma).toBeCloseTo(1 / 9, 10)
    expect(fitted?.kappa).toBe(0)
  })

  it('trusts a sure point more than an unsure one', () => {
    const noisy = [
      { workers: 1, throughput: 10, error: 0.01 },
      { workers: 2, throughput: 20, error: 0.01 },
      { workers: 4, throughput: 20, error: 5 },
    ]
    const fitted = fitUsl(noisy)
    expect(fitted === null ? NaN : uslThroughput(fitted, 2)).toBeCloseTo(20, 1)
  })

  it('gives a constant for one point and nothing for none', () => {
    expect(fitUsl([{ workers: 1, throughput: 7, error: 0 }])).toMatchObject({ lambda: 7, sigma: 0, kappa: 0 })
    expect(fitUsl([])).toBeNull()
  })
})
