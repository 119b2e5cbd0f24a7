// One scenario in a process of its own, so that heap, caches and open libraries of one do not colour the next.
// Started by bench/turns.mjs, which is sent the result, or why there is none.
// @ts-check
import { fullScale, quickScale } from '../clips.mjs'
import { Media } from '../media.mjs'
import { say } from '../say.mjs'
import { scenarios } from '../scenario-list.mjs'

const seed = 20240229
/** @type {import('../turns.mjs').Turn} */
const { name, quick, pairs, file, media } = JSON.parse(process.argv[2] ?? '{}')
// The benchmark was ended: this process leads a group of its own, with every command it has started.
process.once('disconnect', () => process.kill(0, 'SIGKILL'))
process.send?.(await outcome(), () => process.exit())

/** @returns {Promise<import('../turns.mjs').Outcome>} */
async function outcome() {
  const scenario = scenarios.find((each) => each.name === name)
  if (scenario === undefined) return { error: `there is no scenario "${name}"` }
  const sayOfIt = (/** @type {string} */ line) => say(`${name}: ${line}`)
  const context = { media: new Media(media, quick ? quickScale : fullScale, sayOfIt), quick, pairs, seed, file, say: sayOfIt }
  try {
    return { result: await scenario.run(context) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
