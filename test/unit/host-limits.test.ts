// Host limits read from faked /proc and /sys trees: cgroup version 2, version 1, both, and broken ones.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HostLimits, readHostLimits } from '../../src/tune/host-limits.js'

const GIB = 2 ** 30
const machine = { cpus: 8, memoryBytes: 16 * GIB }
const V2_MOUNT = '31 23 0:28 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw\n'
const V1_MOUNTS =
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n' +
  '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framemill-limits-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function limitsOf(files: Readonly<Record<string, string>>): HostLimits {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return readHostLimits(root, machine)
}

describe('without cgroups', () => {
  it('gives the machine itself', () => {
    expect(limitsOf({})).toEqual({ cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: null, cpuBudget: 8, memoryBytes: 16 * GIB })
  })

  it('never exceeds what the operating system reports for this host', () => {
    const limits = readHostLimits()
    expect(limits.cpus).toBe(availableParallelism())
    expect(limits.cpuBudget).toBeGreaterThanOrEqual(1)
    expect(limits.cpuBudget).toBeLessThanOrEqual(limits.cpus)
    expect(limits.memoryBytes).toBeGreaterThan(0)
    expect(limits.memoryBytes).toBeLessThanOrEqual(totalmem())
  })
})

describe('cgroup version 2', () => {
  it('takes the tightest quota and memory limit of all levels', () => {
    const limits = limitsOf({
      'proc/self/mountinfo': V2_MOUNT,
      'proc/self/cgroup': '0::/kube/pod7/app\n',
      'sys/fs/cgroup/kube/pod7/app/cpu.max': '600000 100000\n',
      'sys/fs/cgroup/kube/pod7/app/memory.max': 'max\n',
      'sys/fs/cgroup/kube/pod7/cpu.max': '250000 100000\n',
      'sys/fs/cgroup/kube/pod7/memory.max': `${8 * GIB}\n`,
      'sys/fs/cgroup/kube/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/kube/memory.max': `${2 * GIB}\n`,
    })
    expect(limits).toEqual({ cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: 2.5, cpuBudget: 3, memoryBytes: 2 * GIB })
  })

  it('treats "max" on every level as no limit', () => {
    const limits = limitsOf({
      'proc/self/mountinfo': V2_MOUNT,
      'proc/self/cgroup': '0::/app\n',
      'sys/fs/cgroup/app/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/app/memory.max': 'max\n',
    })
    expect(limits).toEqual({ cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: null, cpuBudget: 8, memoryBytes: 16 * GIB })
  })

  it('falls back to the mount when the group lies outside this cgroup namespace', () => {
    const files = { 'proc/self/mountinfo': V2_MOUNT, 'sys/fs/cgroup/cpu.max': '400000 100000\n', 'sys/fs/cgroup/memory.max': `${GIB}\n` }
    const expected = { cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: 4, cpuBudget: 4, memoryBytes: GIB }
    expect(limitsOf({ ...files, 'proc/self/cgroup': '0::/system.slice/docker-1f.scope\n' })).toEqual(expected)
    expect(limitsOf({ ...files, 'proc/self/cgroup': '0::/../sibling\n' })).toEqual(expected)
    expect(limitsOf({ ...files, 'proc/self/cgroup': '' })).toEqual(expected)
  })

  it('reads a mount whose top is the group itself, also when its folder name holds a space', () => {
    const limits = limitsOf({
      'proc/self/mountinfo': '31 23 0:28 /box/1f /sys/fs/my\\040cgroup rw - cgroup2 cgroup2 rw\n',
      'proc/self/cgroup': '0::/box/1f/inner\n',
      'sys/fs/my cgroup/inner/cpu.max': '100000 100000\n',
      'sys/fs/my cgroup/memory.max': `${3 * GIB}\n`,
    })
    expect(limits).toEqual({ cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: 1, cpuBudget: 1, memoryBytes: 3 * GIB })
  })
})

describe('cgroup version 1', () => {
  it('takes the tightest quota and memory limit of each hierarchy', () => {
    const limits = limitsOf({
      'proc/self/mountinfo': V1_MOUNTS,
      'proc/self/cgroup': '9:memory:/docker/1f\n4:cpu,cpuacct:/docker/1f\n1:name=systemd:/x:y\n',
      'sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us': '170000\n',
      'sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us': '50000\n',
      'sys/fs/cgroup/memory/docker/1f/memory.limit_in_bytes': '9223372036854771712\n',
      'sys/fs/cgroup/memory/docker/memory.limit_in_bytes': `${5 * GIB}\n`,
    })
    expect(limits).toEqual({ cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: 3.4, cpuBudget: 3, memoryBytes: 5 * GIB })
  })

  it('takes the smaller of both when a hybrid host limits in both versions', () => {
    const limits = limitsOf({
      'proc/self/mountinfo': `${V1_MOUNTS}41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`,
      'proc/self/cgroup': '9:memory:/app\n4:cpu,cpuacct:/app\n0::/app\n',
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us': '300000\n',
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/unified/app/cpu.max': '200000 100000\n',
      'sys/fs/cgroup/memory/app/memory.limit_in_bytes': `${GIB}\n`,
    })
    expect(limits).toEqual({ cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: 2, cpuBudget: 2, memoryBytes: GIB })
  })
})

describe('the CPU budget', () => {
  it.each([
    { quota: 0.25, budget: 1 },
    { quota: 1.4, budget: 1 },
    { quota: 1.5, budget: 2 },
    { quota: 7.9, budget: 8 },
    { quota: 64, budget: 8 },
  ])('is $budget for a quota of $quota on 8 CPUs', ({ quota, budget }) => {
    const limits = limitsOf({
      'proc/self/mountinfo': V2_MOUNT,
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/cpu.max': `${quota * 100000} 100000\n`,
    })
    expect(limits.cpuQuota).toBeCloseTo(quota, 10)
    expect(limits.cpuBudget).toBe(budget)
  })
})

it('ignores files that are unreadable, empty or damaged', () => {
  mkdirSync(join(root, 'sys/fs/cgroup/app/memory.max'), { recursive: true })
  const limits = limitsOf({
    'proc/self/mountinfo': `nonsense\n${V2_MOUNT}12 - cgroup\n`,
    'proc/self/cgroup': 'nonsense\n0::/app\n',
    'sys/fs/cgroup/app/cpu.max': '\n',
    'sys/fs/cgroup/cpu.max': 'many 100000\n',
    'sys/fs/cgroup/memory.max': '-5\n',
  })
  expect(limits).toEqual({ cpus: 8, physicalCores: 8, numaNodes: 1, cpuQuota: null, cpuBudget: 8, memoryBytes: 16 * GIB })
})
