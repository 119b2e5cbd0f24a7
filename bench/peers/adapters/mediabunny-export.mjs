// Clips by mediabunny's Conversion with @mediabunny/server: what may be copied from a key frame on it copies, the rest it encodes.
// @ts-check
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} ExportAsk
 * @property {string} file
 * @property {string} folder
 * @property {import('../export-work.mjs').Part[]} parts
 * @property {boolean} encodes every frame is encoded again
 */

const bunny = /** @type {any} */ (await import('mediabunny'))
const { registerMediabunnyServer } = /** @type {any} */ (await import('@mediabunny/server'))
registerMediabunnyServer()

/** @type {ExportAsk} */
const { file, folder, parts, encodes } = JSON.parse(process.argv[2] ?? '{}')
if (!(await bunny.canEncodeVideo('avc'))) throw new Error('has no encoder for H.264 here')
mkdirSync(folder, { recursive: true })
for (const { name, start, end } of parts) {
  const input = new bunny.Input({ formats: bunny.ALL_FORMATS, source: new bunny.FilePathSource(file) })
  const output = new bunny.Output({
    format: new bunny.Mp4OutputFormat(),
    target: new bunny.FilePathTarget(join(folder, `${name}.mp4`)),
  })
  const video = encodes ? { codec: 'avc', bitrate: bunny.QUALITY_HIGH, forceTranscode: true } : {}
  // It begins with the picture on screen at the start: a time just below that picture's own would show the one before.
  const conversion = await bunny.Conversion.init({ input, output, trim: { start: start + 1e-5, end }, video })
  if (!conversion.isValid)
    throw new Error(`cannot make ${name}: ${conversion.discardedTracks.map((/** @type {any} */ { reason }) => reason)}`)
  await conversion.execute()
  input.dispose()
}
