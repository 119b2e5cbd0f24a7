// Owns what may be done to the pictures and the sound of a clip.

/** How a picture is fitted into a given width and height. `blurred`: contained, over a blurred copy of itself that covers. */
export type FrameFit = 'contain' | 'cover' | 'fill' | 'inside' | 'blurred'

/** Seconds of the finished clip, whatever its speed, during which something is shown: `from` included, `to` not. Default all of it. */
interface During {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** An image over the pictures. */
export interface ImageOverlay extends During {
  /** Path of an image. */
  readonly image: string
  /** Pixels from the left and the top of the finished picture; negative from the right and the bottom. Default 0. */
  readonly x?: number | undefined
  readonly y?: number | undefined
  /** Width in pixels; the proportions stay. Default the image's. */
  readonly width?: number | undefined
  /** 0 to 1; default 1. */
  readonly opacity?: number | undefined
}

/** Text over the pictures. */
export interface TextOverlay extends During {
  readonly text: string
  /** Pixels as for images, or 'center'. Default 'center' and, for y, 90 % of the height. */
  readonly x?: number | 'center' | undefined
  readonly y?: number | 'center' | undefined
  /** Pixels; default a twentieth of the height. */
  readonly size?: number | undefined
  /** FFmpeg's name of a colour or #rrggbb; default white. */
  readonly color?: string | undefined
  /** Path of a font file; default the system's. */
  readonly font?: string | undefined
  /** Colour of a box behind it; default none. */
  readonly box?: string | undefined
}

/**
 * Changes, applied in this order: crop, rotate, flip, width/height/fit (or stack), pad, fps, speed, eq, denoise, blur, overlay, text, fades.
 * Lengths are pixels of the picture as shown.
 */
export interface Transform {
  readonly crop?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | undefined
  /** Degrees clockwise. Quarter turns are exact; others leave corners black. */
  readonly rotate?: number | undefined
  readonly flip?: 'horizontal' | 'vertical' | 'both' | undefined
  /** One alone keeps the proportions. Odd sizes are made even where the pixel format needs it. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** With both. Default 'contain': bars of `background`. */
  readonly fit?: FrameFit | undefined
  /** Colour of bars; default black. */
  readonly background?: string | undefined
  /** A second video under this one, each covering half of width x height, in step from `start` seconds of its own; it loses its sound. */
  readonly stack?: { readonly source: string; readonly start?: number | undefined } | undefined
  readonly pad?:
    | {
        readonly width: number
        readonly height: number
        readonly x?: number | undefined
        readonly y?: number | undefined
        readonly color?: string | undefined
      }
    | undefined
  readonly fps?: number | undefined
  /** 2 is twice as fast, sound included, at its pitch. */
  readonly speed?: number | undefined
  /** brightness -1..1 (0), contrast 0..4 (1), saturation 0..3 (1), gamma 0.1..10 (1). */
  readonly eq?:
    | {
        readonly brightness?: number | undefined
        readonly contrast?: number | undefined
        readonly saturation?: number | undefined
        readonly gamma?: number | undefined
      }
    | undefined
  /** Strength 0 to 1. */
  readonly denoise?: number | undefined
  /** Standard deviation in pixels. */
  readonly blur?: number | undefined
  readonly overlay?: ImageOverlay | undefined
  readonly text?: TextOverlay | undefined
  /** Seconds of the finished clip, pictures and sound. */
  readonly fadeIn?: number | undefined
  readonly fadeOut?: number | undefined
  /** Factor; 0 is silence. Applied after `loudness`. */
  readonly volume?: number | undefined
  /** Integrated loudness in LUFS, such as -16 (EBU R 128). */
  readonly loudness?: number | undefined
}
