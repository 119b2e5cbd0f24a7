// Owns reading how busy the CPUs are that this process may run on, whoever keeps them so.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

/** What Linux counts CPU time in, for every process that asks. */
const ticksPerSecond = 100
/** Fields of a CPU's line that count as busy: user, nice, system, irq, softirq, and what the hypervisor gave to others. */
const busyFields = [0, 1, 2, 5, 6, 7]

export class CpuMeter {
  readonly #root: string
  readonly #allowed: ReadonlySet<number> | null

  /** `root` is the folder that holds `proc`. */
  constructor(root: string = '/') {
    this.#root = root
    this.#allowed = allowedCpus(root)
  }

  /** CPU seconds that all processes together have used on the CPUs that this one may run on; null where the system does not tell. */
  seconds(): number | null {
    const used = this.#allowed === null ? busySecondsOfAll() : this.#busySecondsOf(this.#allowed)
    return used > 0 ? used : null
  }

  #busySecondsOf(allowed: ReadonlySet<number>): number {
    const lines = readText(join(this.#root, 'proc/stat'))?.matchAll(/^cpu(\d+) +(.*)$/gm) ?? []
    let ticks = 0
    for (const [, cpu, fields = ''] of lines) {
      if (!allowed.has(Number(cpu))) continue
      const times = fields.split(' ').map(Number)
      for (const field of busyFields) ticks += times[field] ?? 0
    }
    return ticks / ticksPerSecond
  }
}

/** For systems that let a process run everywhere. */
function busySecondsOfAll(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}

/** Numbers of the CPUs in the affinity mask, from a list such as `0-3,8`; null where there is no such list. */
function allowedCpus(root: string): Set<number> | null {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readText(join(root, 'proc/self/status')) ?? '')?.[1]
  if (list === undefined) return null
  const ranges = list.split(',').map((range) => range.split('-').map(Number))
  return new Set(ranges.flatMap(([first = 0, last = first]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)))
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
