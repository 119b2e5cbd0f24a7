// Owns how amounts are said in sentences.
import type { Configuration } from './configuration.js'

/** `3 workers`, `2 workers with 4 codec threads each` */
export function describeConfiguration({ workers, codecThreads }: Configuration): string {
  const who = counted(workers, 'worker')
  return codecThreads === 1 ? who : `${who} with ${codecThreads} codec threads${workers === 1 ? '' : ' each'}`
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Of a share: `12.3 %` */
export function percent(share: number, digits: number = 1): string {
  return `${(share * 100).toFixed(digits)} %`
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`
}
