// Owns the recipes of the benchmark's own clips: camera-like motion over detailed pictures with sensor noise, cuts every few seconds.
// @ts-check

/**
 * @typedef {object} Scale sizes of everything; the quick one only proves that the benchmarks run
 * @property {string} name
 * @property {number} width
 * @property {number} height
 * @property {number} sceneSeconds
 * @property {number} scenes
 * @property {number} longLoops how often the piece is repeated for the long clip
 * @property {number} codecSeconds length of the piece in other codecs
 * @property {number} codecLoops
 * @property {number} shortSeconds
 */

/** @type {Scale} */
export const fullScale = {
  name: '1080p',
  width: 1920,
  height: 1080,
  sceneSeconds: 5,
  scenes: 12,
  longLoops: 10,
  codecSeconds: 30,
  codecLoops: 3,
  shortSeconds: 30,
}
/** @type {Scale} */
export const quickScale = {
  name: 'quick',
  width: 320,
  height: 180,
  sceneSeconds: 2,
  scenes: 3,
  longLoops: 3,
  codecSeconds: 2,
  codecLoops: 2,
  shortSeconds: 3,
}
/** Pictures so small that decoding one takes next to nothing. @type {Scale} */
export const tinyScale = {
  name: 'tiny',
  width: 64,
  height: 36,
  sceneSeconds: 1,
  scenes: 1,
  longLoops: 1,
  codecSeconds: 1,
  codecLoops: 1,
  shortSeconds: 1,
}

/** One clip of the next larger size, rendered at it: a picture that was enlarged would have nothing in it to decode. @type {Scale} */
export const largeScale = { ...fullScale, name: '2160p', width: 3840, height: 2160, scenes: 4 }
/** @type {Scale} */
export const quickLargeScale = { ...quickScale, name: 'quick-large', width: 640, height: 360, scenes: 1 }

/** Frames per second of all clips. */
export const clipRate = 30

/** Places in the Mandelbrot set with much detail, as x, y and scale. */
const places = [
  [-0.743643, -0.131825, 0.02],
  [-0.1015, 0.9563, 0.05],
  [-1.25066, 0.02012, 0.01],
  [0.2821, 0.0103, 0.03],
]

/** Motion of the background: where the window of the picture's size lies in a still 1.5 times as large, 0 to 1 on both axes. */
const paths = [
  ['0.5+0.45*sin(t*0.5)', '0.5+0.45*cos(t*0.33)'],
  ['0.5+0.03*sin(t*11)+0.02*sin(t*23)', '0.5+0.03*cos(t*13)+0.02*sin(t*19)'], // a hand-held camera
  ['mod(t*0.19,1)', '0.4'],
  ['0.5+0.5*sin(t*1.7)', '0.5+0.3*sin(t*2.3)'],
]

/** A frame of its own makes a still of the Mandelbrot set. @param {Scale} scale @param {number} place */
export function stillArguments(scale, place) {
  const [x, y, zoom] = places[place % places.length] ?? []
  const size = `${even(scale.width * 1.5)}x${even(scale.height * 1.5)}`
  return [
    '-f',
    'lavfi',
    '-i',
    `mandelbrot=size=${size}:start_x=${x}:start_y=${y}:start_scale=${zoom}:end_scale=${zoom}`,
    '-frames:v',
    '1',
    '-vf',
    `gblur=sigma=${scale.width / 1600}`,
  ]
}

export const stillCount = places.length

/**
 * The piece that all clips are made of: one scene after the other, each with a background and a smaller picture moving over it.
 * @param {Scale} scale
 * @param {readonly string[]} stills
 */
export function pieceArguments(scale, stills) {
  const { width, height, sceneSeconds, scenes } = scale
  const frozen = `loop=loop=-1:size=1,setpts=N/${clipRate}/TB,format=yuv420p`
  const graph = Array.from({ length: scenes }, (_, scene) => {
    const [x, y] = paths[scene % paths.length] ?? []
    // Two scenes of each kind turn as well, which no block of pixels merely moved predicts.
    const turn = scene % 5 === 4 ? `rotate=angle=0.06*sin(t*1.9):bilinear=1,` : ''
    const noise = 3 + (scene % 3) * 2
    return [
      `[${2 * scene}:v]${frozen},crop=${width}:${height}:x='(iw-ow)*(${x})':y='(ih-oh)*(${y})'[back${scene}]`,
      `[${2 * scene + 1}:v]${frozen},crop=${even(width / 3)}:${even(height * 0.45)}:x=${even(width / 4)}:y=${even(height / 4)}[fore${scene}]`,
      `[back${scene}][fore${scene}]overlay=x='W*(0.35+0.3*sin(t*1.3+${scene}))':y='H*(0.3+0.25*cos(t*0.9+${scene}))',${turn}noise=c0s=${noise}:c0f=t:all_seed=${scene + 1},trim=end_frame=${sceneSeconds * clipRate},setsar=1[scene${scene}]`,
    ].join(';')
  })
  const joined = Array.from({ length: scenes }, (_, scene) => `[scene${scene}]`).join('')
  const tags = 'setparams=range=limited:color_primaries=bt709:color_trc=bt709:colorspace=bt709'
  graph.push(`${joined}concat=n=${scenes}:v=1:a=0,setpts=N/${clipRate}/TB,${tags}[v]`)
  const inputs = Array.from({ length: scenes }, (_, scene) => [
    '-i',
    stills[scene % stills.length] ?? '',
    '-i',
    stills[(scene + 1 + (scene >> 2)) % stills.length] ?? '',
  ])
  return [...inputs.flat(), '-filter_complex', graph.join(';'), '-map', '[v]', '-r', String(clipRate)]
}

/** A minute of sound with something in it: tones that change, bursts of noise, clicks twice a second, and stretches of silence. */
export const soundArguments = [
  '-f',
  'lavfi',
  '-i',
  [
    'aevalsrc=0.25*sin(2*PI*t*(220+55*floor(mod(t\\,15)/3)))*lt(mod(t\\,15)\\,9)',
    '0.5*(random(0)-0.5)*lt(mod(t+4\\,11)\\,1.5)',
    '0.7*sin(2*PI*1000*t)*lt(mod(t\\,0.5)\\,0.004)*lt(mod(t\\,30)\\,12):sample_rate=48000:duration=60:channel_layout=mono',
  ].join('+'),
  '-ac',
  '2',
]

/** Encoders by the clip's name; each as its users run it, B-frames and GOP length as x264 has them by default. */
export const encodings = {
  'h264-b-frames': { encoder: 'libx264', suffix: 'mp4', args: ['-preset', 'fast', '-crf', '23'] },
  'h264-no-b-frames': { encoder: 'libx264', suffix: 'mp4', args: ['-preset', 'fast', '-crf', '23', '-bf', '0'] },
  hevc: {
    encoder: 'libx265',
    suffix: 'mp4',
    args: ['-preset', 'veryfast', '-crf', '26', '-tag:v', 'hvc1', '-x265-params', 'log-level=error'],
  },
  vp9: {
    encoder: 'libvpx-vp9',
    suffix: 'webm',
    args: ['-deadline', 'good', '-cpu-used', '5', '-row-mt', '1', '-crf', '34', '-b:v', '0', '-g', '150'],
  },
  av1: { encoder: 'libsvtav1', suffix: 'mp4', args: ['-preset', '10', '-crf', '36', '-g', '150'] },
}

/** @param {number} length */
function even(length) {
  return 2 * Math.round(length / 2)
}
