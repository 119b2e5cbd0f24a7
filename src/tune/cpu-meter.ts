// Owns reading how busy the CPUs are that this process may run on, whoever keeps them so.
import { cpus } from 'node:os'
import { join } from 'node:path'
import { allowedCpus } from './host-topology.js'
import { readText } from './system-files.js'

/** What Linux counts CPU time in, for every process that asks. */
const ticksPerSecond = 100
/** Fields of a CPU's line that count as busy: user, nice, system, irq, softirq, and what the hypervisor gave to others. */
const busyFields = [0, 1, 2, 5, 6, 7]

export class CpuMeter {
  readonly #root: string
  readonly #allowed: ReadonlySet<number>

  /** `root` is the folder that holds `proc`. */
  constructor(root: string = '/') {
    this.#root = root
    this.#allowed = new Set(allowedCpus(root))
  }

  /** CPU seconds that all processes together have used on the CPUs that this one may run on; null where the system does not tell. */
  seconds(): number | null {
    const used = this.#allowed.size === 0 ? busySecondsOfAll() : this.#busySecondsOf(this.#allowed)
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
