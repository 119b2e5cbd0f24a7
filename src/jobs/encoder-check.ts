// Owns whether the encoders that were named exist, and make what the container holds.
import { expected } from '../errors.js'
import type { ResolvedClip } from '../options/export.js'
import { containers, holds } from '../plan/containers.js'
import type { EngineCore } from './engine-core.js'

/** `owner` stands before the names of the settings, such as `clips.2.`. @throws RangeError naming the setting */
export function checkEncoders({ encoderFacts }: EngineCore, { container, video, audio }: ResolvedClip, owner: string): void {
  const facts = containers[container]
  const named = [
    { key: 'video.encoder', name: video.encoder, type: 'video', codecs: facts.video },
    { key: 'audio.encoder', name: audio.encoder, type: 'audio', codecs: facts.audio },
  ]
  for (const { key, name, type, codecs } of named) {
    if (name === null) continue
    const { type: found, codec } = encoderFacts(name)
    if (found !== type)
      throw new RangeError(expected(`${type === 'audio' ? 'an audio' : 'a video'} encoder of the linked FFmpeg`, `${owner}${key}`, name))
    if (!holds(codecs, codec))
      throw new RangeError(expected(`an encoder of what ${container} holds, not of ${codec},`, `${owner}${key}`, name))
  }
}
