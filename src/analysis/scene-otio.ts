// Owns lists of scenes as OpenTimelineIO JSON: a timeline with one clip of the source for each scene.
import { fileNameOf, titleOf } from './scene-list.js'
import type { SceneListInfo } from './scene-list.js'
import type { Scene } from './scenes.js'
import { editRateOf, frameAt } from './timecode.js'
import type { EditRate } from './timecode.js'

export interface OtioListInfo extends SceneListInfo {
  /** Where players of the timeline find the video, as URL. Default: the source as it is. */
  readonly mediaUrl?: string | undefined
  /** Seconds from the timeline's zero to the end of the source. Default: the end of the last scene. */
  readonly duration?: number | undefined
  /** Whether a track of sound goes with the pictures. Default false. */
  readonly hasSound?: boolean | undefined
}

/**
 * Schemas Timeline.1, Stack.1, Track.1 and Clip.2. Times are whole frames of the rate that edits are counted in; a scene that spans none is
 * left out. How a scene begins stands in its clip's metadata, under "framemill".
 */
export function scenesToOtio(scenes: readonly Scene[], info: OtioListInfo): string {
  const rate = editRateOf(info.frameRate)
  const media = mediaOf(scenes, info, rate)
  const clips = scenes
    .map((scene, index) => ({
      scene,
      name: `Scene ${index + 1}`,
      range: rangeOf(frameAt(scene.start, rate), frameAt(scene.end, rate), rate),
    }))
    .filter(({ range }) => range.duration.value > 0)
    .map(({ scene, name, range }) => clipOf(scene, name, range, media))
  const track = (kind: 'Video' | 'Audio'): object => ({
    OTIO_SCHEMA: 'Track.1',
    metadata: {},
    name: kind,
    source_range: null,
    effects: [],
    markers: [],
    enabled: true,
    children: clips,
    kind,
  })
  const timeline = {
    OTIO_SCHEMA: 'Timeline.1',
    metadata: {},
    name: titleOf(info.source),
    global_start_time: null,
    tracks: {
      OTIO_SCHEMA: 'Stack.1',
      metadata: {},
      name: 'tracks',
      source_range: null,
      effects: [],
      markers: [],
      enabled: true,
      children: [track('Video'), ...(info.hasSound === true ? [track('Audio')] : [])],
    },
  }
  return `${JSON.stringify(timeline, null, 2)}\n`
}

function mediaOf(scenes: readonly Scene[], { source, mediaUrl, duration }: OtioListInfo, rate: EditRate): object {
  return {
    OTIO_SCHEMA: 'ExternalReference.1',
    metadata: {},
    name: fileNameOf(source),
    available_range: rangeOf(0, frameAt(duration ?? scenes.at(-1)?.end ?? 0, rate), rate),
    available_image_bounds: null,
    target_url: mediaUrl ?? source,
  }
}

interface OtioTime {
  readonly OTIO_SCHEMA: 'RationalTime.1'
  readonly rate: number
  readonly value: number
}

interface OtioRange {
  readonly OTIO_SCHEMA: 'TimeRange.1'
  readonly start_time: OtioTime
  readonly duration: OtioTime
}

function clipOf({ start, end, startFrame, endFrame, kind, transition }: Scene, name: string, range: OtioRange, media: object): object {
  return {
    OTIO_SCHEMA: 'Clip.2',
    metadata: { framemill: { kind, startFrame, endFrame, start, end, transition } },
    name,
    source_range: range,
    effects: [],
    markers: [],
    enabled: true,
    media_references: { DEFAULT_MEDIA: media },
    active_media_reference_key: 'DEFAULT_MEDIA',
  }
}

function rangeOf(from: number, to: number, rate: EditRate): OtioRange {
  return { OTIO_SCHEMA: 'TimeRange.1', start_time: timeOf(from, rate), duration: timeOf(to - from, rate) }
}

function timeOf(frames: number, { num, den }: EditRate): OtioTime {
  return { OTIO_SCHEMA: 'RationalTime.1', rate: num / den, value: frames }
}
