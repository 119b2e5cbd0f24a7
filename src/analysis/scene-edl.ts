// Owns lists of scenes as CMX 3600 edit decision lists, which editing systems import as a timeline that is already cut.
import { fileNameOf, titleOf } from './scene-list.js'
import type { SceneListInfo } from './scene-list.js'
import type { Scene } from './scenes.js'
import { editRateOf, frameAt, timecodeOf } from './timecode.js'

/**
 * An event for each scene, at the same place in the record as in the source: every event is a cut, because a fade or a dissolve is in the
 * pictures already; a comment says where it is. Timecode begins at 00:00:00:00 with the timeline, drop-frame at 30000/1001 and 60000/1001.
 * A scene that spans no whole frame of that rate is left out. Events are numbered on beyond the 999 that CMX 3600 knows.
 */
export function scenesToEdl(scenes: readonly Scene[], { source, frameRate }: SceneListInfo): string {
  const rate = editRateOf(frameRate)
  const name = fileNameOf(source)
  const events = scenes
    .map((scene) => ({ ...scene, from: frameAt(scene.start, rate), to: frameAt(scene.end, rate) }))
    .filter(({ from, to }) => to > from)
  const lines = events.flatMap(({ from, to, kind, transition }, index) => {
    const times = `${timecodeOf(from, rate)} ${timecodeOf(to, rate)}`
    const began =
      transition === null
        ? []
        : [
            `* ${kind.toUpperCase()} ${timecodeOf(frameAt(transition.start, rate), rate)} ${timecodeOf(frameAt(transition.end, rate), rate)}`,
          ]
    return [`${String(index + 1).padStart(3, '0')}  AX       V     C        ${times} ${times}`, `* FROM CLIP NAME: ${name}`, ...began]
  })
  return [`TITLE: ${titleOf(source)}`, `FCM: ${rate.isDropFrame ? 'DROP FRAME' : 'NON-DROP FRAME'}`, '', ...lines, ''].join('\n')
}
