// Owns which image formats are written and which pixel formats they are made from. No image library: flags are checked without it.

export type ImageFormat = 'jpg' | 'png' | 'webp' | 'avif'
export const imageFormats: readonly ImageFormat[] = ['jpg', 'png', 'webp', 'avif']

export interface ImageEncoding {
  readonly format: ImageFormat
  /** 1 to 100; the encoder's own default when absent. */
  readonly quality?: number | undefined
}

/** Channels of the pixel formats that images can be made from. */
export const imageChannels: Readonly<Record<string, 1 | 3 | 4>> = { gray8: 1, rgb24: 3, rgba: 4 }
