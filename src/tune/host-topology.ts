// Owns how the CPUs of this process relate: which share a core (SMT siblings), how many memory nodes (NUMA) they lie on.
import { join } from 'node:path'
import { readLines, readText } from './system-files.js'

export interface HostTopology {
  /** Cores that the process's CPUs lie on; fewer than CPUs where two threads share one. */
  readonly physicalCores: number
  /** Memory nodes that the process's CPUs lie on. */
  readonly numaNodes: number
}

/** Never throws: where the system does not tell (macOS, Windows, some containers) every CPU counts as a core, on one node. */
export function readTopology(root: string, cpus: number): HostTopology {
  const allowed = allowedCpus(root)
  const siblings = allowed.map((cpu) => readText(join(root, `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`))?.trim())
  const isTold = siblings.length > 0 && !siblings.includes(undefined)
  return { physicalCores: isTold ? Math.min(cpus, new Set(siblings).size) : cpus, numaNodes: Math.max(1, nodesOf(root, allowed)) }
}

/** CPUs of the affinity mask, by number; empty where the system does not tell. */
export function allowedCpus(root: string): number[] {
  const line = readLines(join(root, 'proc/self/status')).find((text) => text.startsWith('Cpus_allowed_list:'))
  return line === undefined ? [] : cpuList(line.slice(line.indexOf(':') + 1))
}

function nodesOf(root: string, allowed: readonly number[]): number {
  const online = cpuList(readText(join(root, 'sys/devices/system/node/online')) ?? '')
  const lists = online.map((node) => cpuList(readText(join(root, `sys/devices/system/node/node${node}/cpulist`)) ?? ''))
  return lists.filter((list) => list.some((cpu) => allowed.includes(cpu))).length
}

/** `0-3,8` to numbers; nothing for what is no such list. */
function cpuList(text: string): number[] {
  if (!/^\s*\d+(-\d+)?(,\d+(-\d+)?)*\s*$/.test(text)) return []
  return text.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return last >= first && last - first < 1 << 16 ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : []
  })
}
