// Owns the piece of work that measures a video: what everybody is asked to find out about which clip.
// @ts-check

/**
 * What is asked for: `highlights`, pictures twice a second and all of the sound; `scenes`, every picture and no sound.
 * @typedef {'highlights' | 'scenes'} Asked
 *
 * @typedef {object} AnalyzeWork
 * @property {string} name
 * @property {string} title
 * @property {readonly { name: string, title: string, file: (media: import('../media.mjs').Media) => Promise<string> }[]} clips
 * @property {readonly Asked[]} measures
 */

/** Pictures a second that highlights are looked for in. */
export const highlightRate = 2

/** @type {readonly AnalyzeWork[]} */
export const analyzeWorks = [
  {
    name: 'analyze',
    title: 'measured for highlights and for scenes',
    clips: [{ name: 'long', title: '1080p H.264 with B-frames and AAC', file: (media) => media.longWithSound() }],
    measures: ['highlights', 'scenes'],
  },
]
