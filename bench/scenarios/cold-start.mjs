// From the start of a process to the first frame, and what of that is Node, the import and the engine.
// @ts-check
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { probeVideo } from '../ffmpeg.mjs'
import { timeCommand } from '../measure.mjs'
import { figure, verify } from '../result.mjs'

const child = fileURLToPath(new URL('../child/first-frame.mjs', import.meta.url))
const width = 640

/** @type {import('../scenario-list.mjs').Scenario} */
export const coldStartScenario = { name: 'cold-start', run: measureColdStart }

/** @param {import('../scenario-list.mjs').Context} context */
async function measureColdStart({ media, quick }) {
  const file = await media.short()
  const { ticks, width: wide, height } = await probeVideo(file)
  const bytes = width * Math.round((height * width) / wide) * 3
  const runs = quick ? 2 : 20
  const program = process.execPath
  /** @type {Record<'node' | 'import' | 'engine' | 'first' | 'whole', number[]>} */
  const ms = { node: [], import: [], engine: [], first: [], whole: [] }
  await timeCommand({ program, args: [child, file, String(width)] }) // files come from the system's cache from here on
  for (let run = 0; run < runs; run++) {
    const empty = await timeCommand({ program, args: ['-e', '0'] })
    const { wallSeconds, output } = await timeCommand({ program, args: [child, file, String(width)] })
    const told = JSON.parse(output)
    verify(told.pts === ticks[0] && told.bytes === bytes, `the first frame is the file's first, of ${bytes} bytes`)
    ms.node.push(empty.wallSeconds * 1000)
    ms.import.push(told.importMs)
    ms.engine.push(told.engineMs)
    ms.first.push(told.processMs)
    ms.whole.push(wallSeconds * 1000)
  }
  return {
    scenario: 'cold-start',
    title: 'Cold start: from nothing to the first frame',
    subject: `${basename(file)}, the first frame of fps 2, ${width} wide, rgb24, packet index read anew; ${runs} processes, files in the system's cache`,
    checks: ["every process gives the file's first frame, by ffprobe's packets, at its size", 'whole processes are timed as in the pairs'],
    figures: [
      figure('start of the process until the first frame', 'ms', ms.first),
      figure('of that, import of framemill', 'ms', ms.import),
      figure('of that, new Engine() until the first frame', 'ms', ms.engine),
      figure('whole process, engine closed', 'ms', ms.whole),
      figure('whole process that does nothing: node -e 0', 'ms', ms.node),
    ],
  }
}
