// Owns what each container holds, and what it can hide. Pure.
import type { Container } from '../options/export-types.js'

interface ContainerFacts {
  /** FFmpeg's name of the format. */
  readonly format: string
  readonly video: ReadonlySet<string> | 'any'
  readonly audio: ReadonlySet<string> | 'any'
  readonly subtitles: ReadonlySet<string>
  /** FFmpeg's name of the encoder that text subtitles of other codecs are given to. */
  readonly subtitleEncoder: string
  /** An edit list says what is shown of the packets: pictures and sound can be cut exactly without being encoded. */
  readonly hasEditList: boolean
  readonly videoEncoder: string
  readonly audioEncoder: string
}

const quickTimeAudio = ['aac', 'mp3', 'ac3', 'eac3', 'alac']

export const containers: Readonly<Record<Container, ContainerFacts>> = {
  mp4: {
    format: 'mp4',
    video: new Set(['h264', 'hevc', 'av1', 'vp9', 'mpeg4', 'mpeg2video']),
    audio: new Set([...quickTimeAudio, 'opus', 'flac']),
    subtitles: new Set(['mov_text']),
    subtitleEncoder: 'mov_text',
    hasEditList: true,
    videoEncoder: 'libx264',
    audioEncoder: 'aac',
  },
  mov: {
    format: 'mov',
    video: new Set(['h264', 'hevc', 'mpeg4', 'mpeg2video', 'mjpeg', 'prores', 'dnxhd']),
    audio: new Set([...quickTimeAudio, 'pcm_s16le', 'pcm_s24le', 'pcm_s16be', 'pcm_s24be', 'pcm_f32le']),
    subtitles: new Set(['mov_text']),
    subtitleEncoder: 'mov_text',
    hasEditList: true,
    videoEncoder: 'libx264',
    audioEncoder: 'aac',
  },
  mkv: {
    format: 'matroska',
    video: 'any',
    audio: 'any',
    subtitles: new Set(['subrip', 'ass', 'ssa', 'webvtt', 'hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle']),
    subtitleEncoder: 'srt',
    hasEditList: false,
    videoEncoder: 'libx264',
    audioEncoder: 'aac',
  },
  webm: {
    format: 'webm',
    video: new Set(['vp8', 'vp9', 'av1']),
    audio: new Set(['opus', 'vorbis']),
    subtitles: new Set(['webvtt']),
    subtitleEncoder: 'webvtt',
    hasEditList: false,
    videoEncoder: 'libvpx-vp9',
    audioEncoder: 'libopus',
  },
}

/**
 * Codecs whose decoders drop what an edit list hides. libdav1d shows a packet that was to be decoded only.
 */
const hideable: ReadonlySet<string> = new Set(['h264', 'hevc', 'vp9', 'mpeg4', 'mpeg2video', 'mjpeg', 'prores', 'dnxhd'])

/** Can pictures of this codec be stored in the container without being shown? */
export function hides(container: Container, codec: string): boolean {
  return containers[container].hasEditList && hideable.has(codec)
}

export function holds(codecs: ReadonlySet<string> | 'any', codec: string): boolean {
  return codecs === 'any' || codecs.has(codec)
}

/** Subtitles of text, which can be put into another codec; others are pictures. */
export const textSubtitles: ReadonlySet<string> = new Set(['mov_text', 'subrip', 'ass', 'ssa', 'webvtt', 'text'])

/**
 * Packets before the one that is wanted which a decoder must have had to give the same samples: the overlap of transforms, MP3's bit
 * reservoir, Opus's 80 ms (RFC 7845 section 4.6). A codec that is not named is not cut without being encoded.
 */
export const soundPreroll: ReadonlyMap<string, number> = new Map([
  ['aac', 3],
  ['mp3', 10],
  ['ac3', 1],
  ['eac3', 1],
  ['opus', 4],
  ['alac', 0],
  ['flac', 0],
  ['pcm_s16le', 0],
  ['pcm_s24le', 0],
  ['pcm_s16be', 0],
  ['pcm_s24be', 0],
  ['pcm_f32le', 0],
])
