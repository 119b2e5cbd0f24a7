// The disk cache of packet indexes: what it finds, what it forgets, and what it survives.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import cacache from 'cacache'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IndexCache, type SourceFingerprint } from '../../src/source/index-cache.js'

const MIB = 2 ** 20
const clip: SourceFingerprint = { path: '/clips/talk.mp4', size: 28_000_000, mtimeMs: 1_700_000_000_123.5 }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framemill-cache-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

/** Bytes that differ for every seed. */
function payloadOf(seed: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7 + (i >> 8) * seed) & 255)
}

function numbered(number: number): SourceFingerprint {
  return { path: `/clips/${number}.mp4`, size: number, mtimeMs: number }
}

function filesBelow(path: string, part: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((name) => name.includes(part))
}

function bytesBelow(path: string): number {
  return filesBelow(path, '').reduce((sum, name) => sum + statSync(name).size, 0)
}

describe('finding', () => {
  it('returns the bytes that were put, in a buffer of their own', async () => {
    const cache = new IndexCache(folder, MIB)
    const payload = payloadOf(1, 5000)
    await cache.put('packets', clip, payload.subarray(8, 4104))
    const found = await new IndexCache(folder, MIB).get('packets', clip)
    expect(found).toEqual(payload.slice(8, 4104))
    expect(found?.byteOffset).toBe(0)
    expect(found?.buffer.byteLength).toBe(4096)
  })

  it('keeps an empty payload apart from none', async () => {
    const cache = new IndexCache(folder, MIB)
    expect(await cache.get('packets', clip)).toBeNull()
    await cache.put('packets', clip, new Uint8Array(0))
    expect(await cache.get('packets', clip)).toEqual(new Uint8Array(0))
  })

  it.each([
    { change: 'time of modification', kind: 'packets', source: { ...clip, mtimeMs: clip.mtimeMs + 0.5 }, version: '1' },
    { change: 'size', kind: 'packets', source: { ...clip, size: clip.size + 1 }, version: '1' },
    { change: 'path', kind: 'packets', source: { ...clip, path: '/clips/talk2.mp4' }, version: '1' },
    { change: 'kind', kind: 'probe', source: clip, version: '1' },
    { change: 'version', kind: 'packets', source: clip, version: '2' },
  ])('misses after a change of $change', async ({ kind, source, version }) => {
    await new IndexCache(folder, MIB, '1').put('packets', clip, payloadOf(1, 100))
    expect(await new IndexCache(folder, MIB, version).get(kind, source)).toBeNull()
  })

  it('gives the last of several payloads put for one file', async () => {
    const cache = new IndexCache(folder, MIB)
    for (const seed of [1, 2, 3]) await cache.put('packets', clip, payloadOf(seed, 100))
    expect(await cache.get('packets', clip)).toEqual(payloadOf(3, 100))
  })
})

describe('damage', () => {
  it.each([
    { name: 'overwritten', damage: (path: string) => writeFileSync(path, payloadOf(9, 3000)) },
    { name: 'shortened', damage: (path: string) => truncateSync(path, 10) },
    { name: 'emptied', damage: (path: string) => truncateSync(path, 0) },
    { name: 'lengthened', damage: (path: string) => appendFileSync(path, 'x') },
    { name: 'deleted', damage: (path: string) => rmSync(path) },
  ])('ignores $name content and writes it again', async ({ damage }) => {
    const cache = new IndexCache(folder, MIB)
    const payload = payloadOf(1, 3000)
    await cache.put('packets', clip, payload)
    const content = filesBelow(folder, 'content-')
    expect(content).toHaveLength(1)
    content.forEach(damage)
    expect(await cache.get('packets', clip)).toBeNull()
    await cache.put('packets', clip, payload)
    expect(await cache.get('packets', clip)).toEqual(payload)
  })

  it.each([
    { name: 'overwritten', text: 'not an index line' },
    { name: 'emptied', text: '' },
  ])('ignores an $name index and writes it again', async ({ text }) => {
    const cache = new IndexCache(folder, MIB)
    await cache.put('packets', clip, payloadOf(1, 3000))
    for (const path of filesBelow(folder, 'index-')) writeFileSync(path, text)
    expect(await cache.get('packets', clip)).toBeNull()
    await cache.put('packets', clip, payloadOf(1, 3000))
    expect(await cache.get('packets', clip)).toEqual(payloadOf(1, 3000))
  })

  it('holds its bound when its own account of the folder is damaged', async () => {
    const cache = new IndexCache(folder, 100_000)
    for (let number = 0; number < 40; number++) {
      await cache.put('packets', numbered(number), payloadOf(number, 8000))
      for (const path of filesBelow(folder, 'usage.json')) writeFileSync(path, '{"bytes":')
    }
    expect(bytesBelow(folder)).toBeLessThanOrEqual(100_000)
  })
})

describe('the bound', () => {
  it('holds after every put and keeps what was put last', async () => {
    const cache = new IndexCache(folder, 100_000)
    for (let number = 0; number < 60; number++) {
      await cache.put('packets', numbered(number), payloadOf(number, 3000 + number * 100))
      expect(bytesBelow(folder)).toBeLessThanOrEqual(100_000)
      expect(await cache.get('packets', numbered(number))).toEqual(payloadOf(number, 3000 + number * 100))
    }
    expect(await cache.get('packets', numbered(0))).toBeNull()
    expect(bytesBelow(folder)).toBeGreaterThan(50_000)
  })

  it('removes the least recently used first', async () => {
    const cache = new IndexCache(folder, 50_000)
    for (const number of [1, 2, 3, 4]) await cache.put('packets', numbered(number), payloadOf(number, 10_000))
    for (const path of filesBelow(folder, 'content-')) {
      const number = [1, 2, 3, 4].find((candidate) => readFileSync(path).equals(payloadOf(candidate, 10_000)))
      utimesSync(path, 1_600_000_000, 1_600_000_000 + (number ?? Number.NaN)) // as if used last in the order of their numbers
    }
    await cache.get('packets', numbered(1))
    await cache.put('packets', numbered(5), payloadOf(5, 10_000))
    const kept = await Promise.all([1, 2, 3, 4, 5].map(async (number) => (await cache.get('packets', numbered(number))) !== null))
    expect(kept).toEqual([true, false, true, true, true])
  })

  it('leaves no index of what it removed', async () => {
    const cache = new IndexCache(folder, 20_000)
    for (let number = 0; number < 30; number++) await cache.put('packets', numbered(number), payloadOf(number, 5000))
    expect(filesBelow(folder, 'index-').length).toBe(filesBelow(folder, 'content-').length)
  })

  it('walks the folder at most once in 64 puts while there is room', async () => {
    const walks = vi.spyOn(cacache, 'ls')
    const puts = 200
    // A new instance each time, as in one process per file.
    for (let number = 0; number < puts; number++)
      await new IndexCache(folder, 100 * MIB).put('packets', numbered(number), payloadOf(number, 50))
    expect(walks.mock.calls.length).toBeLessThanOrEqual(1 + Math.ceil(puts / 64))
  })

  it('does not store a payload that is too large, nor anything at all when the bound is 0', async () => {
    await new IndexCache(folder, 10_000).put('packets', clip, payloadOf(1, 10_001))
    await new IndexCache(folder, 0).put('packets', clip, payloadOf(1, 1))
    expect(bytesBelow(folder)).toBe(0)
  })

  it('touches nothing beside its own folder', async () => {
    writeFileSync(join(folder, 'holiday.jpg'), payloadOf(1, 200_000))
    const cache = new IndexCache(folder, 50_000)
    for (let number = 0; number < 20; number++) await cache.put('packets', numbered(number), payloadOf(number, 8000))
    expect(statSync(join(folder, 'holiday.jpg')).size).toBe(200_000)
    expect(await cache.get('packets', numbered(19))).not.toBeNull()
  })

  it.each([-1, Number.NaN])('refuses %s as a bound', (maxBytes) => {
    expect(() => new IndexCache(folder, maxBytes)).toThrow(RangeError)
  })
})

describe('a folder it cannot write', () => {
  // Below a regular file: not even root can make a folder there.
  it('finds nothing, stores nothing and never rejects', async () => {
    writeFileSync(join(folder, 'file'), '')
    const cache = new IndexCache(join(folder, 'file', 'cache'), MIB)
    await cache.put('packets', clip, payloadOf(1, 100))
    expect(await cache.get('packets', clip)).toBeNull()
    expect(readdirSync(folder)).toEqual(['file'])
  })
})

describe.runIf(process.platform === 'linux')('a folder that exists and holds no folders', () => {
  it('is given up at once', async () => {
    const cache = new IndexCache('/proc/framemill', MIB)
    await cache.put('packets', clip, payloadOf(1, 100))
    expect(await cache.get('packets', clip)).toBeNull()
  })
})

describe('several writers', () => {
  it('stores concurrent puts of one instance whole', async () => {
    const cache = new IndexCache(folder, 10 * MIB)
    const numbers = Array.from({ length: 50 }, (_, number) => number)
    await Promise.all(numbers.map((number) => cache.put('packets', numbered(number), payloadOf(number, 2000))))
    for (const number of numbers) expect(await cache.get('packets', numbered(number))).toEqual(payloadOf(number, 2000))
  })

  it('gives whole payloads or none while two processes write the same keys under a bound that evicts', async () => {
    const module = new URL('../../dist/source/index-cache.js', import.meta.url).href
    const script = `
      import { IndexCache } from ${JSON.stringify(module)}
      const cache = new IndexCache(process.argv[1], 150_000)
      let found = 0
      for (let round = 0; round < 150; round++) {
        const number = (round * 7 + Number(process.argv[2])) % 40
        const source = { path: '/clips/' + number + '.mp4', size: number, mtimeMs: number }
        await cache.put('packets', source, new Uint8Array(5000).fill(number))
        const payload = await cache.get('packets', { ...source, path: '/clips/' + (number + round) % 40 + '.mp4' })
        const own = await cache.get('packets', source)
        for (const got of [payload, own]) {
          if (got === null) continue
          found++
          if (got.length !== 5000 || got.some((byte) => byte !== got[0])) throw new Error('torn payload')
        }
        if (own !== null && own[0] !== number) throw new Error('payload of another file')
      }
      process.stdout.write(String(found))`
    const run = async (offset: number): Promise<{ code: unknown; output: string }> => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script, folder, String(offset)], {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout.on('data', (chunk) => (output += String(chunk)))
      const [code] = await once(child, 'close')
      return { code, output }
    }
    const results = await Promise.all([run(0), run(3)])
    for (const { code, output } of results) {
      expect(code).toBe(0)
      expect(Number(output)).toBeGreaterThan(0)
    }
    // Each process sees the other's puts roughly, so the bound may be passed by what one writes between two measurements.
    expect(bytesBelow(folder)).toBeLessThanOrEqual(150_000 + 64 * 6024)
    const cache = new IndexCache(folder, 150_000)
    await cache.put('packets', clip, payloadOf(1, 100))
    expect(await cache.get('packets', clip)).toEqual(payloadOf(1, 100))
  })
})
