// How busy the CPUs are: from faked files, and from this host.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CpuMeter } from '../../src/tune/cpu-meter.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'framemill-cpus-'))
  mkdirSync(join(root, 'proc/self'), { recursive: true })
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

//             user nice system idle iowait irq softirq steal guest guest_nice
const stat = `cpu  111111 0 0 0 0 0 0 0 0 0
cpu0 100 20 30 9000 800 4 5 6 50 0
cpu1 1000 0 0 9000 0 0 0 0 0 0
cpu3 20000 0 0 9000 0 0 0 0 0 0
cpu10 300000 0 0 9000 0 0 0 0 0 0
intr 5 6 7
`

function secondsWith(allowed: string): number | null {
  writeFileSync(join(root, 'proc/stat'), stat)
  writeFileSync(join(root, 'proc/self/status'), `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${allowed}\nThreads:\t11\n`)
  return new CpuMeter(root).seconds()
}

it('counts what is neither idle nor waiting for disks, what other guests of the machine took included', () => {
  expect(secondsWith('0')).toBeCloseTo(1.65, 9)
})

it('counts the CPUs that the process may run on, by their numbers', () => {
  expect(secondsWith('1')).toBe(10)
  expect(secondsWith('1-3')).toBe(210)
  expect(secondsWith('1,3-10')).toBe(3210)
})

it('tells nothing where the system does not', () => {
  expect(secondsWith('63')).toBeNull()
  writeFileSync(join(root, 'proc/stat'), 'cpu 0 0 0 0\ncpu0 0 0 0 0\n')
  expect(new CpuMeter(root).seconds()).toBeNull()
  rmSync(join(root, 'proc/stat'))
  expect(new CpuMeter(root).seconds()).toBeNull()
})

it('tells of this process too', () => {
  const meter = new CpuMeter()
  const before = meter.seconds() ?? NaN
  const startedAt = process.cpuUsage().user
  while (process.cpuUsage().user - startedAt < 200_000);
  expect((meter.seconds() ?? NaN) - before).toBeGreaterThan(0.1)
})
