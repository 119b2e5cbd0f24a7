// Owns the flags that say how scenes are found, their help, and what they mean together: which parameter belongs to which detector.
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import type { ContentWeights, FilterMode, SceneDetector, SceneLength, SceneOptions, ThresholdMethod } from '../index.js'
import { Misuse } from './failure.js'
import * as value from './flag-values.js'
import { parseTime } from './times.js'

/** As parsed, under the names commander gives them. Absent: not on the command line. */
export interface SceneFlags {
  /** true: without the name of a detector. */
  scenes?: SceneDetector | true
  threshold?: number
  minSceneLen?: SceneLength
  flashLen?: SceneLength
  /** Commander says true where `--no-transitions` was not given. */
  transitions?: boolean
  weights?: ContentWeights
  lumaOnly?: boolean
  minContentVal?: number
  windowWidth?: number
  filterMode?: FilterMode
  method?: ThresholdMethod
  fadeBias?: number
  addFinalScene?: boolean
  hashSize?: 8 | 16
  bins?: 4 | 8 | 16 | 256
}

const detectors: readonly SceneDetector[] = ['adaptive', 'content', 'threshold', 'hash', 'histogram']
const ofSteps: readonly SceneDetector[] = ['adaptive', 'content', 'hash', 'histogram']

/** Whose parameters they are. */
const owners: Readonly<Record<Exclude<keyof SceneFlags, 'scenes' | 'transitions'>, readonly SceneDetector[]>> = {
  threshold: detectors,
  minSceneLen: detectors,
  flashLen: ofSteps,
  weights: ['adaptive', 'content'],
  lumaOnly: ['adaptive', 'content'],
  minContentVal: ['adaptive'],
  windowWidth: ['adaptive'],
  filterMode: ['content', 'threshold'],
  method: ['threshold'],
  fadeBias: ['threshold'],
  addFinalScene: ['threshold'],
  hashSize: ['hash'],
  bins: ['histogram'],
}

export function addSceneFlags(command: Command): Command {
  return command
    .optionsGroup("How scenes are found (PySceneDetect's parameters):")
    .option('--threshold <n>', "the detector's: adaptive 3, content 27, threshold 12, hash 0.395, histogram 0.05", value.numberFrom(0))
    .option('--min-scene-len <length>', 'the shortest scene: frames (15) or a time (0.6s, 0:02) (default: 0.6s)', sceneLength)
    .option('--flash-len <length>', 'changes taken back within this are no cuts; 0: all are (default: 0.2s)', sceneLength)
    .option('--no-transitions', 'look for cuts only, not for fades and dissolves')
    .option('--weights <h,s,l,e>', 'adaptive, content: of hue, saturation, luma, edges (default: 1,1,1,0)', contentWeights)
    .option('--luma-only', 'adaptive, content: of luma alone')
    .option('--min-content-val <n>', 'adaptive: the least score of a cut (default: 15)', value.numberFrom(0))
    .option('--window-width <n>', 'adaptive: frames on either side (default: 2)', value.wholeNumber(1))
    .addOption(
      new Option('--filter-mode <how>', 'content, threshold: which of cuts too near (default: merge)').choices(['merge', 'suppress']),
    )
    .addOption(new Option('--method <which>', 'threshold: dark (floor, default) or bright').choices(['floor', 'ceiling']))
    .option('--fade-bias <-1..1>', 'threshold: where in the dark the cut is (default: 0)', value.numberFrom(-1, 1))
    .option('--add-final-scene', 'threshold: a dark end is a scene of its own')
    .option('--hash-size <n>', 'hash: bits a side, 8 or 16 (default: 16)', oneOf(8, 16))
    .option('--bins <n>', 'histogram: 4, 8, 16 or 256 (default: 256)', oneOf(4, 8, 16, 256))
}

/** Which flags of {@link SceneFlags} but `--scenes` are on the command line, as they are written there. */
export function sceneParameters(flags: SceneFlags): string[] {
  const given = Object.keys(owners).filter((key) => Reflect.get(flags, key) !== undefined)
  return [...given.map(flagOf), ...(flags.transitions === false ? ['--no-transitions'] : [])]
}

/** @throws Misuse for a parameter of another detector */
export function sceneOptionsOf(flags: SceneFlags): SceneOptions {
  const detector = typeof flags.scenes === 'string' ? flags.scenes : 'adaptive'
  const odd = Object.entries(owners).find(([key, of]) => Reflect.get(flags, key) !== undefined && !of.includes(detector))
  if (odd !== undefined) {
    throw new Misuse(`${flagOf(odd[0])} does not apply to the detector ${detector}: it is for --scenes ${odd[1].join(' and ')}`)
  }
  const { threshold, minSceneLen, flashLen, weights, lumaOnly, minContentVal, windowWidth } = flags
  const { filterMode, method, fadeBias, addFinalScene, hashSize: size, bins } = flags
  const common = { minSceneLen, ...(flags.transitions === false && { transitions: false }) }
  switch (detector) {
    case 'adaptive':
      return { detector, ...common, flashLen, adaptiveThreshold: threshold, weights, lumaOnly, minContentVal, windowWidth }
    case 'content':
      return { detector, ...common, flashLen, threshold, weights, lumaOnly, filterMode }
    case 'threshold':
      return { detector, ...common, threshold, method, fadeBias, addFinalScene, filterMode }
    case 'hash':
      return { detector, ...common, flashLen, threshold, size }
    case 'histogram':
      return { detector, ...common, flashLen, threshold, bins }
  }
}

/** Whether the detector looks at edges, which are measured only when somebody does. */
export function needsEdges({ weights }: SceneFlags): boolean {
  return (weights?.deltaEdges ?? 0) !== 0
}

/** Parses `--scenes [detector]`. */
export function sceneDetector(text: string): SceneDetector {
  const detector = detectors.find((known) => known === text)
  if (detector === undefined) throw new InvalidArgumentError(`Expected ${detectors.slice(0, -1).join(', ')} or ${detectors.at(-1) ?? ''}.`)
  return detector
}

/** `15` is frames; `0.6`, `0.6s` and `0:02` are times, as in PySceneDetect. */
export function sceneLength(text: string): SceneLength {
  if (/^\d+$/.test(text)) return Number(text)
  const seconds = parseTime(text.replace(/(?<=[\d.])s$/, ''))
  if (seconds === undefined) throw new InvalidArgumentError('Expected frames (15) or a time (0.6s, 0:02).')
  return { seconds }
}

/** Of hue, saturation, luma and edges; the last may be left out. */
export function contentWeights(text: string): ContentWeights {
  const [deltaHue, deltaSat, deltaLum, deltaEdges = 0, ...more] = text.split(',').map((item) => value.anyNumber(item.trim()))
  if (deltaLum === undefined || more.length > 0) throw new InvalidArgumentError('Expected three or four numbers, such as 1,1,1,0.')
  return { deltaHue, deltaSat, deltaLum, deltaEdges }
}

function oneOf<Choice extends number>(...choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const chosen = choices.find((choice) => String(choice) === text)
    if (chosen === undefined) throw new InvalidArgumentError(`Expected one of ${choices.join(', ')}.`)
    return chosen
  }
}

/** `--min-scene-len` of `minSceneLen`. */
function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
