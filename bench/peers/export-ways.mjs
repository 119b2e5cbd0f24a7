// Owns how each side is called to export parts of a video: framemill's modes, the ffmpeg command in several ways, mediabunny.
// @ts-check
import { fileURLToPath } from 'node:url'

/** @typedef {import('../measure.mjs').Command} Command */
/** @typedef {import('./export-work.mjs').Part} Part */
/** @typedef {{ file: string, folder: string, parts: readonly Part[] }} Ask folder is there, and empty */

/**
 * @typedef {object} Way
 * @property {string} peer
 * @property {string} name
 * @property {(ask: Ask) => Command} command leaves folder/NAME.mp4 of every part
 * @property {string | null} inexact why its clips may hold other frames than were asked for; it is measured all the same, and said so
 */

const x264 = '-c:v libx264 -preset veryfast -crf 23'
const quiet = '-hide_banner -nostdin -nostats -v error -y'

/** @param {import('./export-work.mjs').Mode} mode @returns {(ask: Ask) => Command} */
export function framemillExport(mode) {
  const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  // No index from an earlier run: every run reads the file anew.
  return ({ file, folder }) => ({
    program: 'env',
    args: [
      ...[`FRAMEMILL_CACHE_DIR=${folder}/cache`, 'FRAMEMILL_PRESET=veryfast', 'FRAMEMILL_CRF=23'],
      ...[process.execPath, cli, 'export', file, '--clips', partsFile(folder), '--out', folder, '--mode', mode],
    ],
  })
}

/** Where the parts are written for framemill, as JSON. @param {string} folder */
export function partsFile(folder) {
  return `${folder}/clips.json`
}

/** @param {string} newerNode Node.js for peers that need one newer than this @param {boolean} isWhole one part that is the whole video @returns {Way[]} */
export function exportWays(newerNode, isWhole) {
  const adapter = fileURLToPath(new URL('adapters/mediabunny-export.mjs', import.meta.url))
  /** @param {boolean} encodes @returns {Way['command']} */
  const bunny = (encodes) => (ask) => ({ program: newerNode, args: [adapter, JSON.stringify({ ...ask, encodes })] })
  if (isWhole)
    return [
      ffmpegWay('all threads', 1, '-i "$0" -map 0:v:0 -c:v libx264 -preset veryfast -crf 23'),
      { peer: 'mediabunny', name: 'Conversion, encoding', command: bunny(true), inexact: null },
    ]
  const seek = (/** @type {string} */ output) => `-ss "$2" -i "$0" -map 0:v:0 -t "$3" ${output}`
  return [
    ffmpegWay('one by one, -ss before -i', 1, seek(x264)),
    ffmpegWay('one by one, -ss after -i', 1, `-i "$0" -map 0:v:0 -ss "$2" -t "$3" ${x264}`),
    ffmpegWay('two at once, -ss before -i', 2, seek(x264)),
    ffmpegWay('two at once, one thread each', 2, `-threads 1 ${seek(`${x264} -threads 1`)}`),
    { ...ffmpegWay('-c copy', 1, seek('-c copy')), inexact: 'packets are left out by their decode times, not by what is shown' },
    { peer: 'mediabunny', name: 'Conversion', command: bunny(false), inexact: 'its default copies what it may' },
    { peer: 'mediabunny', name: 'Conversion, encoding', command: bunny(true), inexact: null },
  ]
}

/**
 * A process for each part, `atOnce` at a time. The shell's own list of parts, so that no file is needed.
 * @param {string} name @param {number} atOnce @param {string} options "$0" is the video, "$2" the start and "$3" the length in seconds
 * @returns {Way}
 */
function ffmpegWay(name, atOnce, options) {
  const one = `exec ffmpeg ${quiet} ${options} "$1/$4.mp4"`
  return {
    peer: 'ffmpeg',
    name,
    inexact: null,
    command: ({ file, folder, parts }) => {
      const list = parts.map(({ name, start, end }) => `${start.toFixed(6)} ${(end - start).toFixed(6)} ${name}`).join('\\n')
      const script = `printf '${list}\\n' | xargs -P ${atOnce} -L 1 sh -c '${one}' "$0" "$1"`
      return { program: 'sh', args: ['-c', script, file, folder] }
    },
  }
}
