// Indexes and plans a long film once, in a process that has done neither before; tells as JSON what that took.
// Usage: node --expose-gc bench/child/plan.mjs SECONDS SEED
// @ts-check
import { digestOf, indexFilm, planFilm } from '../film-plan.mjs'
import { measureWork } from '../heap.mjs'
import { longFilm } from '../long-film.mjs'

const [seconds = NaN, seed = NaN] = process.argv.slice(2).map(Number)
const { packets } = longFilm(seconds, seed)
const index = measureWork(() => indexFilm(packets))
const plan = measureWork(() => planFilm(index.value))
const cost = (/** @type {{ ms: number, peakBytes: number }} */ { ms, peakBytes }) => ({ ms, peakBytes })
process.stdout.write(JSON.stringify({ index: cost(index), plan: cost(plan), digest: digestOf(plan.value) }))
