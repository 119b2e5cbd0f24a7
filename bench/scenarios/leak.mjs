// Memory over thousands of open, sample and close rounds. By itself: node --expose-gc bench/scenarios/leak.mjs [--rounds 2000]
// @ts-check
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { figure, verify } from '../result.mjs'
import { slope } from '../statistics.mjs'

const run = promisify(execFile)
const clipFolder = fileURLToPath(new URL('../../test/fixtures/clips', import.meta.url))
const generator = fileURLToPath(new URL('../../test/fixtures/generate.mjs', import.meta.url))
const child = fileURLToPath(new URL('../child/rounds.mjs', import.meta.url))

/** Above the noise of the slope; one 320x180 picture leaked per round would be 86 MB, a decoder several times that. */
const mostMegabytesPerThousand = 5

/** @type {import('../scenario-list.mjs').Scenario} */
export const leakScenario = { name: 'leak', run: ({ quick, say }) => measureLeak(quick ? 100 : 2000, quick ? 10 : 50, say) }

/** @param {number} rounds @param {number} engines @param {(line: string) => void} say */
async function measureLeak(rounds, engines, say) {
  if (!existsSync(clipFolder)) await run(process.execPath, [generator])
  const sameEngine = await readings('sources', rounds)
  say(`${rounds} sources: ${ends(sameEngine.points)}`)
  const newEngines = await readings('engines', engines)
  say(`${engines} engines: ${ends(newEngines.points)}`)
  return {
    scenario: 'leak',
    title: 'Leaks: resident memory over many rounds',
    subject: `${rounds} rounds of open, sample 3 frames, close on one engine with 2 workers over ${sameEngine.clips} small clips of all kinds, damaged ones among them, more than an engine keeps open; ${engines} rounds of new Engine(), sample, close(); as many rounds before, in which allocators settle`,
    checks: [
      `every round had the outcome of its clip's first round (${sameEngine.faulty} of the clips give an error, always the same)`,
      `resident memory: ${ends(sameEngine.points)} over the rounds on one engine, ${ends(newEngines.points)} over those of the engines`,
    ],
    figures: [
      figure('growth of resident memory per 1000 rounds on one engine', 'MB', [slope(sameEngine.points) * 1000], {
        atMost: mostMegabytesPerThousand,
      }),
      figure('growth of resident memory per 1000 engines', 'MB', [slope(newEngines.points) * 1000]),
    ],
  }
}

/**
 * @param {'sources' | 'engines'} kind @param {number} rounds
 * @returns {Promise<{ clips: number, faulty: number, points: [round: number, megabytes: number][] }>} after as many rounds in which allocators settle
 */
async function readings(kind, rounds) {
  const { stdout } = await run(process.execPath, ['--expose-gc', child, kind, String(2 * rounds), clipFolder], { maxBuffer: 1 << 26 })
  const { clips, faulty, points } = JSON.parse(stdout)
  verify(points.length >= 3, 'there are enough readings for a slope')
  return { clips, faulty, points: points.filter((/** @type {[number, number]} */ [round]) => round >= rounds) }
}

/** @param {readonly (readonly [number, number])[]} points */
function ends(points) {
  return `${points[0]?.[1].toFixed(1)} to ${points.at(-1)?.[1].toFixed(1)} MB`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '2000' }, engines: { type: 'string', default: '50' } } })
  const { figures } = await measureLeak(Number(values.rounds), Number(values.engines), (line) => console.log(line))
  for (const { name, median, unit, atMost } of figures)
    console.log(`${name}: ${median.toFixed(2)} ${unit}${atMost === null ? '' : ` (at most ${atMost})`}`)
  process.exitCode = figures.every(({ reached }) => reached !== false) ? 0 : 1
}
