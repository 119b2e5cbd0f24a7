// Owns how busy the CPUs of this process are, whoever keeps them busy.
import { cpus } from 'node:os'
import { allowedCpus } from './host-topology.js'

/**
 * Seconds that the CPUs this process may run on have been busy since the system started, all of them added up. A hypervisor's share is in
 * it only where the system counts it as busy.
 */
export function busyCpuSeconds(root: string = '/'): number {
  const allowed = allowedCpus(root)
  const own = cpus().filter((_, cpu) => allowed.length === 0 || allowed.includes(cpu))
  return own.reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}
