// Owns how one stretch of sound goes together with another at every lag: normalised cross-correlation by the fast Fourier transform
// (the numerator; Cooley and Tukey 1965) and running sums of squares.

/**
 * Cosines of the angle between `window` and the part of `sound` that begins at each place from `from` on: one for each of `count` places.
 * NaN where the sound does not reach, 0 where it is silent.
 */
export function correlations(window: Float32Array, sound: Float32Array, from: number, count: number): Float64Array {
  const reach = window.length + count - 1
  const size = 2 ** Math.ceil(Math.log2(reach + 1))
  const [a, b] = [new Complexes(size), new Complexes(size)]
  for (let n = 0; n < window.length; n += 1) a.re[n] = window[n] ?? 0
  for (let n = 0; n < reach; n += 1) b.re[n] = sound[from + n] ?? 0
  const squares = new Float64Array(reach + 1)
  for (let n = 0; n < reach; n += 1) squares[n + 1] = (squares[n] ?? 0) + (b.re[n] ?? 0) ** 2
  transform(a)
  transform(b)
  // Conjugated once more, the forward transform is the inverse one but for the scale.
  for (let n = 0; n < size; n += 1) {
    const [ar, ai, br, bi] = [a.re[n] ?? 0, a.im[n] ?? 0, b.re[n] ?? 0, b.im[n] ?? 0]
    a.re[n] = ar * br + ai * bi
    a.im[n] = -(ar * bi - ai * br)
  }
  transform(a)
  const ofWindow = window.reduce((sum, sample) => sum + sample * sample, 0)
  return Float64Array.from({ length: count }, (_, k) => {
    if (from + k < 0 || from + k + window.length > sound.length) return NaN
    const ofSound = (squares[k + window.length] ?? 0) - (squares[k] ?? 0)
    return ofSound <= 0 ? 0 : (a.re[k] ?? 0) / size / Math.sqrt(ofWindow * ofSound)
  })
}

class Complexes {
  readonly re: Float64Array
  readonly im: Float64Array

  constructor(size: number) {
    this.re = new Float64Array(size)
    this.im = new Float64Array(size)
  }
}

/** Discrete Fourier transform in place; the length is a power of two. */
function transform({ re, im }: Complexes): void {
  const size = re.length
  for (let n = 1, mirrored = 0; n < size; n += 1) {
    let bit = size >> 1
    for (; (mirrored & bit) !== 0; bit >>= 1) mirrored ^= bit
    mirrored ^= bit
    if (n >= mirrored) continue
    ;[re[n], re[mirrored]] = [re[mirrored] ?? 0, re[n] ?? 0]
    ;[im[n], im[mirrored]] = [im[mirrored] ?? 0, im[n] ?? 0]
  }
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k += 1) {
      const angle = (-Math.PI * k) / half
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      for (let at = k; at < size; at += 2 * half) {
        const [xr, xi, yr, yi] = [re[at] ?? 0, im[at] ?? 0, re[at + half] ?? 0, im[at + half] ?? 0]
        const [tr, ti] = [yr * cos - yi * sin, yr * sin + yi * cos]
        re[at] = xr + tr
        im[at] = xi + ti
        re[at + half] = xr - tr
        im[at + half] = xi - ti
      }
    }
  }
}
