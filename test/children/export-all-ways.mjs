// Exports clips in every way there is, and damaged copies of them, and cancels some; prints what became of them. Nothing may crash or leak.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Engine } from '../../dist/index.js'

const { whole, long, faulty } = JSON.parse(process.argv[2] ?? '{}')
const folder = mkdtempSync(join(tmpdir(), 'framemill-all-ways-'))
const engine = new Engine({ workers: 2 })
const counts = { done: 0, failed: 0, cancelled: 0, refused: 0 }

async function make(path, options, clip = {}) {
  try {
    const settings = { outDir: folder, existing: 'overwrite', retries: 0, ...options }
    const { clips } = await engine.exportClips(path, [{ start: 0.3, end: 1.2, ...clip }], settings)
    counts[clips[0].status] += 1
  } catch (error) {
    if (error.code === undefined && error.name !== 'RangeError') throw error
    counts.refused += 1
  }
}

for (const path of whole) {
  for (const [mode, container] of [
    ['copy', 'mp4'],
    ['smart', 'mp4'],
    ['smart', 'mkv'],
    ['encode', 'mp4'],
  ]) {
    await make(path, { mode, container })
  }
}
const [first] = whole
await make(first, { mode: 'encode', container: 'webm', video: { options: { deadline: 'realtime' } } })
await make(first, {
  mode: 'encode',
  filter: 'hflip,scale=100:60',
  audio: { encoder: 'aac', channels: 1, sampleRate: 22_050 },
  audioFilter: 'volume=0.5',
})
await make(first, { mode: 'encode', filter: 'no-such-filter' })
await make(first, { mode: 'encode', video: { options: { 'no-such-option': 1 } } })
for (const path of [first, long]) {
  const stop = new AbortController()
  await make(path, { mode: 'encode', signal: stop.signal, onProgress: () => stop.abort() }, { end: undefined })
}

let state = 1
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

/** Changes bytes of the parameter sets outside the packets, and lengths of units within. */
function damaged(path, number) {
  const bytes = readFileSync(path)
  const box = Math.max(bytes.indexOf('avcC'), bytes.indexOf('hvcC'))
  const end = box - 4 + bytes.readUInt32BE(box - 4)
  if (number % 3 !== 0) for (let n = random(4); n >= 0; n--) bytes[box + 4 + random(end - box - 4)] = random(256)
  const units = []
  for (let at = bytes.indexOf('mdat') + 4; at + 4 < bytes.length && units.length < 60; at += 4 + bytes.readUInt32BE(at)) units.push(at)
  if (number % 3 !== 1) for (const value of [0, 0xffffffff, random(2 ** 31)]) bytes.writeUInt32BE(value, units[random(units.length)])
  const name = join(folder, `damaged-${number}-${basename(path)}`)
  writeFileSync(name, bytes)
  return name
}

for (const path of faulty) {
  for (let number = 0; number < 9; number++) {
    const name = damaged(path, number)
    await make(name, { mode: 'copy' })
    await make(name, { mode: 'smart', container: 'mkv' })
  }
}
await engine.close()
const left = readdirSync(folder).filter((name) => name.endsWith('.tmp')).length
rmSync(folder, { recursive: true })
console.log(JSON.stringify({ ...counts, left }))
