// Owns what the benchmarks say about their progress: lines on stderr, as stdout is for results.
// @ts-check

/** @param {string} line */
export function say(line) {
  process.stderr.write(`bench: ${line}\n`)
}
