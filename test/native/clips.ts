// What tests of the clip maker pass to it: a small clip with every key set.
import type { NativeBinding, NativeClip } from '../../dist/native/binding.js'

/** 40 frames, three times; a cut in the middle of each. */
export function smallClip(path: string, more: Partial<NativeClip> = {}): NativeClip {
  return {
    path,
    width: 320,
    height: 180,
    frameRateNumerator: 30_000,
    frameRateDenominator: 1001,
    seed: 1,
    sceneFrames: 20,
    pieceFrames: 40,
    loops: 3,
    encoder: '',
    keyInterval: 0,
    bFrames: 3,
    threads: 1,
    ...more,
  }
}

export function makeClip(binding: NativeBinding, clip: NativeClip): { encoder: string; frames: number } {
  return new binding.ClipMaker(clip).finish()
}
