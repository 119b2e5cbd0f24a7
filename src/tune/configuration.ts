// Owns what can be chosen on a host: workers times codec threads within its CPU budget.

/** How an engine is set up. */
export interface Configuration {
  readonly workers: number
  /** Threads inside each worker's decoder. */
  readonly codecThreads: number
}

/** CPUs that a configuration can keep busy. */
export function threadsOf({ workers, codecThreads }: Configuration): number {
  return workers * codecThreads
}

export function sameConfiguration(a: Configuration, b: Configuration): boolean {
  return a.workers === b.workers && a.codecThreads === b.codecThreads
}

/** `2x1`: workers x codec threads. */
export function configurationName({ workers, codecThreads }: Configuration): string {
  return `${workers}x${codecThreads}`
}

/**
 * Configurations worth measuring, fewest threads first: every small number of workers, then steps of a third to a half, and codec threads
 * in powers of two. Never more threads than `cpuBudget`, which itself is always among them.
 */
export function configurationsWithin(cpuBudget: number): Configuration[] {
  const workerSteps = new Set([1, cpuBudget])
  for (let power = 1; power <= cpuBudget; power *= 2) for (const step of [power, power * 1.5]) workerSteps.add(step)
  const found: Configuration[] = []
  for (let codecThreads = 1; codecThreads <= cpuBudget; codecThreads *= 2) {
    const most = Math.floor(cpuBudget / codecThreads)
    const steps = codecThreads === 1 ? workerSteps : new Set([...workerSteps, most])
    for (const workers of steps) if (Number.isInteger(workers) && workers <= most) found.push({ workers, codecThreads })
  }
  if (!found.some(({ codecThreads }) => codecThreads === cpuBudget)) found.push({ workers: 1, codecThreads: cpuBudget })
  return found.toSorted((a, b) => threadsOf(a) - threadsOf(b) || a.workers - b.workers)
}
