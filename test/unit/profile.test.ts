// What was measured on a host is found again there, and nowhere else.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostIdentity, mustBeSavable, readProfile, saveProfile, type HostIdentity } from '../../src/tune/profile.ts'

const host: HostIdentity = { cpuModel: 'Mill 9000', cpus: 8, cpuQuota: null, memoryBytes: 16 * 2 ** 30, ffmpeg: '7.1', framemill: '0.1.0' }
const sample = { workers: 6, codecThreads: 1, confidence: 0.9 }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framemill-profile-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const path = (): string => join(folder, 'framemill', 'profile.json')

describe('a profile', () => {
  it('is found again on the same host', async () => {
    expect(await saveProfile(host, { sample }, path())).toBe(path())
    expect(readProfile(host, path())).toMatchObject({ profile: { host, jobs: { sample } } })
    expect(readdirSync(join(folder, 'framemill'))).toEqual(['profile.json'])
  })

  it('keeps what it says of other jobs', async () => {
    const other = { workers: 2, codecThreads: 4, confidence: 1 }
    await saveProfile(host, { sample }, path())
    await saveProfile(host, { export: other }, path())
    expect(readProfile(host, path()).profile?.jobs).toEqual({ sample, export: other })
  })

  it('is not there, without a word, before anything was saved', () => {
    expect(readProfile(host, path())).toEqual({ profile: null, note: null })
  })

  it.each([
    [{ cpuModel: 'Mill 1' }, 'it was measured with the CPU Mill 9000, here it is Mill 1'],
    [{ cpus: 4 }, 'CPUs: 8, here it is 4'],
    [{ cpuQuota: 1.5 }, 'a CPU quota of none, here it is 1.5'],
    [{ memoryBytes: 2 ** 30 }, 'a memory limit of 16384 MiB, here it is 1024 MiB'],
    [{ ffmpeg: '8.0' }, 'FFmpeg 7.1, here it is 8.0'],
    [{ framemill: '0.2.0' }, 'framemill 0.1.0, here it is 0.2.0'],
  ])('is ignored with a note where the host differs by %j', async (difference, why) => {
    await saveProfile(host, { sample }, path())
    const found = readProfile({ ...host, ...difference }, path())
    expect(found.profile).toBeNull()
    expect(found).toMatchObject({ note: expect.stringContaining(why) })
  })

  it('of one host leaves that of another alone', async () => {
    const small = { ...host, cpus: 1 }
    await saveProfile(host, { sample }, path())
    await saveProfile(small, { sample: { ...sample, workers: 1 } }, path())
    expect(readProfile(host, path()).profile?.jobs['sample']?.workers).toBe(6)
    expect(readProfile(small, path()).profile?.jobs['sample']?.workers).toBe(1)
  })

  it('survives a memory limit that differs by a little', async () => {
    await saveProfile(host, { sample }, path())
    expect(readProfile({ ...host, memoryBytes: host.memoryBytes * 0.99 }, path()).profile).not.toBeNull()
  })

  it.each(['', '{', '{"host":{}}', '[{"host":1,"measuredAt":"","jobs":{"sample":{"workers":0}}}]'])(
    'is ignored with a note when it holds %j',
    (text) => {
      mkdirSync(join(folder, 'framemill'))
      writeFileSync(path(), text)
      expect(readProfile(host, path())).toMatchObject({ profile: null, note: expect.stringContaining('damaged') })
    },
  )

  it('that cannot be written is an error and leaves nothing behind', async () => {
    writeFileSync(join(folder, 'framemill'), 'a file where the folder should be')
    await expect(saveProfile(host, { sample }, path())).rejects.toMatchObject({ code: 'ERR_IO', path: path() })
    expect(readdirSync(folder)).toEqual(['framemill'])
    await expect(mustBeSavable(path())).rejects.toMatchObject({ code: 'ERR_IO', path: path() })
  })

  it('names this package and its FFmpeg', () => {
    const limits = { cpus: 2, physicalCores: 2, numaNodes: 1, cpuQuota: 1.5, cpuBudget: 2, memoryBytes: 1e9 }
    expect(hostIdentity(limits, '5.1.9')).toMatchObject({ cpus: 2, cpuQuota: 1.5, memoryBytes: 1e9, ffmpeg: '5.1.9', framemill: '0.1.0' })
  })
})
