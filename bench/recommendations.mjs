// Owns asking `framemill bench` for its answer, as its users do.
// @ts-check
import { fileURLToPath } from 'node:url'
import { timeCommand } from './measure.mjs'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** @typedef {import('../dist/index.js').Recommendation} Recommendation */

/** @param {readonly string[]} args @returns {import('./measure.mjs').Command} */
export function benchCommand(args) {
  return { program: process.execPath, args: [main, 'bench', ...args, '--json', '--quiet'] }
}

/** @param {import('./measure.mjs').Command} command @returns {Promise<Recommendation>} */
export async function recommendation(command) {
  const { output } = await timeCommand(command, { pinned: false })
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}
