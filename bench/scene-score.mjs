// Owns judging found scenes by what is true of a compilation: cuts to the frame, transitions to half a second. Pure.
// @ts-check

/** @typedef {import('./compilations.mjs').Truth} Truth */

/**
 * @typedef {object} Tally
 * @property {number} right
 * @property {number} wrong found, and not true
 * @property {number} missed true, and not found
 *
 * @typedef {object} Found
 * @property {readonly number[]} cuts frames
 * @property {readonly { kind: 'fade' | 'dissolve', frame: number }[]} transitions where their scenes begin
 */

/** Seconds between the true middle of a transition and the scene's beginning. */
const nearTransition = 0.5

/** @type {Tally} */
export const nothing = { right: 0, wrong: 0, missed: 0 }

/** @param {readonly Tally[]} tallies @returns {Tally} */
export function sumOf(tallies) {
  return tallies.reduce((a, b) => ({ right: a.right + b.right, wrong: a.wrong + b.wrong, missed: a.missed + b.missed }), nothing)
}

/** @param {Tally} tally */
export function rates({ right, wrong, missed }) {
  const precision = right + wrong === 0 ? 1 : right / (right + wrong)
  const recall = right + missed === 0 ? 1 : right / (right + missed)
  return { precision, recall, f1: right === 0 ? 0 : (2 * right) / (2 * right + wrong + missed) }
}

/**
 * Cuts are right on their very frame. What is found inside a true transition is wrong too, but where `lenient` is for a finder that knows
 * no transitions: there it does not count.
 * @param {readonly number[]} cuts frames @param {Truth} truth @param {{ lenient?: boolean }} [judgement] @returns {Tally}
 */
export function judgeCuts(cuts, truth, { lenient = false } = {}) {
  const real = new Set(truth.cuts)
  const found = new Set(cuts.filter((cut) => !lenient || real.has(cut) || !isIn(truth.transitions, cut)))
  const right = [...found].filter((cut) => real.has(cut)).length
  return { right, wrong: found.size - right, missed: real.size - right }
}

/**
 * A transition is right when a scene of its kind begins within half a second of its middle; each is found once at most.
 * @param {Found['transitions']} transitions @param {Truth} truth @param {number} rate @param {'fade' | 'dissolve'} kind @returns {Tally}
 */
export function judgeTransitions(transitions, truth, rate, kind) {
  const left = transitions.filter((one) => one.kind === kind)
  let right = 0
  const real = truth.transitions.filter((one) => one.kind === kind)
  for (const { start, end } of real) {
    const at = left.findIndex(({ frame }) => Math.abs(frame - (start + end) / 2) <= nearTransition * rate)
    if (at === -1) continue
    left.splice(at, 1)
    right++
  }
  return { right, wrong: left.length, missed: real.length - right }
}

/** How many of these frames lie in one of the stretches, or on the frame after it. @param {readonly number[]} frames @param {readonly { start: number, end: number }[]} stretches */
export function alarmsIn(frames, stretches) {
  return frames.filter((frame) => isIn(stretches, frame)).length
}

/**
 * The best that a fixed threshold on a score of each frame can do on all files together.
 * @param {readonly { scores: readonly number[], truth: Truth }[]} files
 */
export function bestThreshold(files) {
  const candidates = Array.from({ length: 400 }, (_, i) => (i + 1) / 4)
  return candidates
    .map((threshold) => {
      const tally = sumOf(
        files.map(({ scores, truth }) =>
          judgeCuts(
            scores.flatMap((score, frame) => (score >= threshold ? [frame] : [])),
            truth,
            { lenient: true },
          ),
        ),
      )
      return { threshold, tally, ...rates(tally) }
    })
    .reduce((best, one) => (one.f1 > best.f1 ? one : best))
}

/** @param {readonly { start: number, end: number }[]} stretches @param {number} frame */
function isIn(stretches, frame) {
  return stretches.some(({ start, end }) => frame >= start && frame <= end)
}
