// The worker and codec thread counts that every exactness test runs with: no result may depend on them.
export interface Combination {
  readonly workers: number
  readonly codecThreads: number
}

export const combinations: readonly Combination[] = [1, 2].flatMap((workers) => [1, 2].map((codecThreads) => ({ workers, codecThreads })))

/** The codes with which a clip that holds no decodable frame may be turned down. */
export const undecodableCodes: readonly string[] = ['ERR_DECODE', 'ERR_UNSUPPORTED', 'ERR_OPEN', 'ERR_NO_VIDEO']
