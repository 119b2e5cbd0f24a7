// Rounds of open, sample, close in a process of its own; tells as JSON how much memory was resident after each pass over the clips.
// Usage: node --expose-gc bench/child/rounds.mjs sources|engines ROUNDS FOLDER
// @ts-check
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Engine } from '../../dist/index.js'

const [, , kind, roundsText, folder = ''] = process.argv
const names = readdirSync(folder).filter((name) => !name.startsWith('making-'))
const all = names.sort().map((name) => join(folder, name))
const clips = kind === 'sources' ? all : all.slice(0, 5)
const options = { workers: 2, cache: false, memoryLimit: 64e6 }
/** What the first round of each clip gave. @type {Map<string, string>} */
const outcomes = new Map()
/** @type {[number, number][]} */
const points = []

/** @param {Engine} engine @param {string} clip */
async function sampleOnce(engine, clip) {
  let outcome = ''
  try {
    for await (const { pts, isDamaged } of engine.sample(clip, { count: 3, width: 64 })) outcome += `${pts}${isDamaged ? '!' : ''} `
  } catch (error) {
    outcome = `${error instanceof Error && 'code' in error ? error.code : error}`
  }
  const first = outcomes.get(clip) ?? outcome
  outcomes.set(clip, first)
  if (outcome !== first) throw new Error(`${clip} gave ${first} first and ${outcome} later`)
}

const shared = kind === 'sources' ? new Engine(options) : null
for (let round = 0; round < Number(roundsText);) {
  for (const clip of clips) {
    const engine = shared ?? new Engine(options)
    await sampleOnce(engine, clip)
    if (engine !== shared) await engine.close()
    round++
  }
  // After whole passes only: what the readers hold open differs from clip to clip.
  globalThis.gc?.()
  points.push([round, process.memoryUsage.rss() / 1e6])
}
await shared?.close()
const faulty = [...outcomes.values()].filter((outcome) => outcome.startsWith('ERR_')).length
process.stdout.write(JSON.stringify({ clips: outcomes.size, faulty, rounds: points.at(-1)?.[0], points }))
