// How CPUs relate, read from faked /proc and /sys trees.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allowedCpus, readTopology, type HostTopology } from '../../src/tune/host-topology.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framemill-topology-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}

/** Eight threads on four cores (n and n + 4 share one), two nodes. */
function eightThreads(allowed: string): HostTopology {
  const siblings = Array.from({ length: 8 }, (_, cpu) => [
    `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`,
    `${cpu % 4},${(cpu % 4) + 4}\n`,
  ])
  write({
    ...Object.fromEntries(siblings),
    'proc/self/status': `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${allowed}\n`,
    'sys/devices/system/node/online': '0-1\n',
    'sys/devices/system/node/node0/cpulist': '0-1,4-5\n',
    'sys/devices/system/node/node1/cpulist': '2-3,6-7\n',
  })
  return readTopology(root, 8)
}

describe('cores and memory nodes', () => {
  it('count a core once, however many threads of it there are', () => {
    expect(eightThreads('0-7')).toEqual({ physicalCores: 4, numaNodes: 2 })
  })

  it('count only what the process may run on', () => {
    expect(eightThreads('0,4')).toEqual({ physicalCores: 1, numaNodes: 1 })
    expect(eightThreads('0-1,6')).toEqual({ physicalCores: 3, numaNodes: 2 })
  })

  it('are one core for each CPU and one node where nothing is told', () => {
    expect(readTopology(root, 6)).toEqual({ physicalCores: 6, numaNodes: 1 })
    write({ 'proc/self/status': 'Cpus_allowed_list:\tsome,of-them\n' })
    expect(readTopology(root, 6)).toEqual({ physicalCores: 6, numaNodes: 1 })
  })
})

describe('the CPUs of the affinity mask', () => {
  it('are numbers and ranges', () => {
    write({ 'proc/self/status': 'Cpus_allowed_list:\t0-2,5,7-8\n' })
    expect(allowedCpus(root)).toEqual([0, 1, 2, 5, 7, 8])
  })

  it('are none where the list is damaged', () => {
    write({ 'proc/self/status': 'Cpus_allowed_list:\t9-1,x\n' })
    expect(allowedCpus(root)).toEqual([])
  })
})
