// Owns what a transform does to pictures without changing their size: time, colour, noise, overlays, text, fades. Pure.
import type { ImageOverlay, TextOverlay, Transform } from '../options/transform.js'
import { decimal, type FilterChain } from './filter-chain.js'
import { addImageConversion, addOverlay, openedBy, type GraphSource, type Size } from './filter-shape.js'

/** Adds the changes in the order that Transform documents, from `fps` on. Seconds are of the finished clip, whose pictures have `size`. */
export function addEffects(chain: FilterChain, transform: Transform, size: Size, source: GraphSource): void {
  const seconds = source.seconds / (transform.speed ?? 1)
  const { fps, speed = 1, denoise = 0, blur = 0, fadeIn = 0, fadeOut = 0 } = transform
  // From 0, not from the first frame, so that sound and pictures begin together.
  if (fps !== undefined) chain.add('fps', { fps: rateOf(fps), start_time: 0 })
  // In microseconds, because the source's ticks may be as long as a frame.
  if (speed !== 1) chain.add('settb', { expr: 'AVTB' }).add('setpts', { expr: `round(PTS/${decimal(speed)})` })
  addColour(chain, transform.eq ?? {})
  if (denoise > 0) addDenoise(chain, denoise)
  if (blur > 0) chain.add('gblur', { sigma: blur })
  if (transform.overlay !== undefined) addImage(chain, transform.overlay, source)
  if (transform.text !== undefined) addText(chain, transform.text, size)
  if (fadeIn > 0) chain.add('fade', { t: 'in', st: 0, d: fadeIn })
  if (fadeOut > 0) chain.add('fade', { t: 'out', ...fadeOutTimes(fadeOut, seconds) })
}

/** 30000/1001 and its like as the fractions they are; in six decimals they would be other rates. */
function rateOf(fps: number): string | number {
  const nominal = Math.round((fps * 1001) / 1000)
  const isFraction = !Number.isInteger(fps) && Math.abs(fps - (nominal * 1000) / 1001) < 1e-6
  return isFraction ? `${nominal * 1000}/1001` : fps
}

/** A fade longer than the clip takes all of it. */
export function fadeOutTimes(fadeOut: number, seconds: number): { readonly st: number; readonly d: number } {
  const d = Math.min(fadeOut, seconds)
  return { st: seconds - d, d }
}

function addColour(chain: FilterChain, eq: NonNullable<Transform['eq']>): void {
  const { brightness = 0, contrast = 1, saturation = 1, gamma = 1 } = eq
  if (brightness !== 0 || contrast !== 1 || saturation !== 1 || gamma !== 1) chain.add('eq', { brightness, contrast, saturation, gamma })
}

/** The proportions are the filter's own; its default strength is 0.4. */
function addDenoise(chain: FilterChain, strength: number): void {
  const luma = strength * 10
  chain.add('hqdn3d', { luma_spatial: luma, chroma_spatial: luma * 0.75, luma_tmp: luma * 1.5, chroma_tmp: luma * 1.125 })
}

function addImage(chain: FilterChain, overlay: ImageOverlay, source: GraphSource): void {
  const { image, x = 0, y = 0, width, opacity = 1 } = overlay
  const [main = ''] = chain.end()
  if (/\.gif$/i.test(image)) {
    chain.add('movie', { filename: openedBy(image), format_name: 'gif' }).add('trim', { end_frame: 1 })
  } else {
    // Exactly this file: without the pattern's type a name with "%d" or "*" is taken for a sequence of pictures.
    chain.add('movie', { filename: openedBy(image), format_name: 'image2', format_opts: 'pattern_type=none' })
  }
  if (width !== undefined) chain.add('scale', { w: width, h: -1, flags: 'bicubic' })
  if (opacity !== 1) chain.add('format', { pix_fmts: 'rgba' }).add('colorchannelmixer', { aa: opacity })
  addImageConversion(chain, source)
  const [picture = ''] = chain.end()
  const place = { x: x < 0 ? `W-w${x}` : x, y: y < 0 ? `H-h${y}` : y }
  addOverlay(chain.from(main, picture), source.pixelFormat, { ...place, ...during(overlay) })
}

function addText(chain: FilterChain, text: TextOverlay, { height }: Size): void {
  const { x = 'center', y, color = 'white', font, box } = text
  const size = text.size ?? Math.max(1, Math.round(height / 20))
  chain.add('drawtext', {
    text: text.text,
    expansion: 'none',
    ...(font === undefined ? {} : { fontfile: font }),
    fontsize: size,
    fontcolor: color,
    x: placed(x, 'w', 'tw'),
    y: y === undefined ? 'min(h*0.9,h-th)' : placed(y, 'h', 'th'),
    ...(box === undefined ? {} : { box: 1, boxcolor: box, boxborderw: Math.max(1, Math.round(size / 4)) }),
    ...during(text),
  })
}

function placed(at: number | 'center', room: string, length: string): string | number {
  if (at === 'center') return `(${room}-${length})/2`
  return at < 0 ? `${room}-${length}${at}` : at
}

function during({ from, to }: { readonly from?: number | undefined; readonly to?: number | undefined }): { readonly enable?: string } {
  const bounds = [
    ...(from === undefined || from === 0 ? [] : [`gte(t,${decimal(from)})`]),
    ...(to === undefined ? [] : [`lt(t,${decimal(to)})`]),
  ]
  return bounds.length === 0 ? {} : { enable: bounds.join('*') }
}
