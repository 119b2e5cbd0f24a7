// Owns what this host really grants the process: CPUs by affinity, CPU time by cgroup quota, memory by cgroup limit.
// Reads files only. Where there are no cgroups (macOS, Windows) the operating system's own figures stand.

import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { readTopology, type HostTopology } from './host-topology.js'
import { readLines, readText } from './system-files.js'

export interface HostLimits extends HostTopology {
  /** Logical CPUs this process may run on (affinity mask, cpuset). */
  readonly cpus: number
  /** CPUs' worth of time per second granted by cgroups, fractions included; null when there is no quota. */
  readonly cpuQuota: number | null
  /**
   * Threads worth keeping busy, at least 1: the quota rounded to the nearest integer, never above `cpus`.
   * Rounding down from below .5 wastes less than half a CPU; rounding up there would buy it with a thread that is mostly throttled.
   */
  readonly cpuBudget: number
  /** Bytes this process may use: the machine's memory or the tightest cgroup limit, whichever is smaller. */
  readonly memoryBytes: number
}

/** What the machine has before any cgroup is looked at. */
export interface MachineFacts {
  readonly cpus: number
  readonly memoryBytes: number
}

interface CgroupMount {
  readonly version: 1 | 2
  /** Version 1 only: a hierarchy serves the controllers it was mounted with. */
  readonly controllers: readonly string[]
  /** The cgroup that the mount shows as its top. */
  readonly top: string
  readonly folder: string
}

interface Membership {
  /** Empty for version 2. */
  readonly controllers: readonly string[]
  readonly path: string
}

/**
 * Reads the limits of the calling process now. Never throws: what cannot be read does not limit.
 * `root` is the folder that holds `proc` and `sys`.
 */
export function readHostLimits(
  root: string = '/',
  machine: MachineFacts = { cpus: availableParallelism(), memoryBytes: totalmem() },
): HostLimits {
  const mounts = readMounts(root)
  const memberships = readMemberships(root)
  // Every level can limit, and the tightest one rules: a container's own group is often unlimited inside a limited pod or slice.
  const smallest = (controller: string, read: (folder: string, version: 1 | 2) => number | null): number | null => {
    const limits = mounts
      .flatMap((mount) => levels(mount, controller, memberships).map((folder) => read(join(root, folder), mount.version)))
      .filter((limit) => limit !== null)
    return limits.length === 0 ? null : Math.min(...limits)
  }
  const cpuQuota = smallest('cpu', readCpuQuota)
  const memoryLimit = smallest('memory', readMemoryLimit)
  return {
    cpus: machine.cpus,
    ...readTopology(root, machine.cpus),
    cpuQuota,
    cpuBudget: Math.max(1, Math.min(machine.cpus, Math.round(cpuQuota ?? machine.cpus))),
    memoryBytes: Math.min(machine.memoryBytes, memoryLimit ?? machine.memoryBytes),
  }
}

/** Folders of the process's group and all its parents in one mount, innermost first. */
function levels(mount: CgroupMount, controller: string, memberships: readonly Membership[]): string[] {
  if (mount.version === 1 && !mount.controllers.includes(controller)) return []
  const own = memberships.find(({ controllers }) => (mount.version === 2 ? controllers.length === 0 : controllers.includes(controller)))
  const names = pathBelow(mount.top, own?.path ?? '/')
    .split('/')
    .filter((name) => name !== '')
  return Array.from({ length: names.length + 1 }, (_, depth) => join(mount.folder, ...names.slice(0, names.length - depth)))
}

/**
 * The group's path as seen from the mount's top. A group outside it (another cgroup namespace) counts as the top itself: inside a
 * container that is where the container's own limits are.
 */
function pathBelow(top: string, path: string): string {
  if (path.split('/').includes('..')) return ''
  if (top === '/') return path
  return path === top || path.startsWith(`${top}/`) ? path.slice(top.length) : ''
}

function readCpuQuota(folder: string, version: 1 | 2): number | null {
  const [quota, period] =
    version === 2
      ? (readText(join(folder, 'cpu.max')) ?? '').trim().split(' ')
      : [readText(join(folder, 'cpu.cfs_quota_us')), readText(join(folder, 'cpu.cfs_period_us'))]
  const quotaUs = positive(quota)
  const periodUs = positive(period)
  return quotaUs === null || periodUs === null ? null : quotaUs / periodUs
}

function readMemoryLimit(folder: string, version: 1 | 2): number | null {
  return positive(readText(join(folder, version === 2 ? 'memory.max' : 'memory.limit_in_bytes')))
}

/** `max` (version 2), `-1` (version 1) and damaged text are no limit. */
function positive(text: string | null | undefined): number | null {
  const value = Number(text ?? Number.NaN)
  return Number.isFinite(value) && value > 0 ? value : null
}

/** Lines of /proc/self/cgroup: `4:cpu,cpuacct:/docker/1f` (version 1), `0::/user.slice` (version 2). */
function readMemberships(root: string): Membership[] {
  return readLines(join(root, 'proc/self/cgroup')).flatMap((line) => {
    const [, controllers, ...path] = line.split(':')
    return controllers === undefined ? [] : [{ controllers: controllers.split(',').filter((name) => name !== ''), path: path.join(':') }]
  })
}

/** Lines of /proc/self/mountinfo: `32 31 0:29 TOP FOLDER rw shared:9 - cgroup cgroup rw,cpu,cpuacct`. */
function readMounts(root: string): CgroupMount[] {
  return readLines(join(root, 'proc/self/mountinfo')).flatMap((line): CgroupMount[] => {
    const [mount, fileSystem] = line.split(' - ')
    const [, , , top, folder] = mount?.split(' ').map(unescapeOctal) ?? []
    const [type, , options] = fileSystem?.split(' ') ?? []
    if (top === undefined || folder === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return []
    return [{ version: type === 'cgroup2' ? 2 : 1, controllers: options?.split(',') ?? [], top, folder }]
  })
}

// mountinfo writes a space in a path as \040.
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}
