// Owns times as people type and read them.

/** Seconds from `12.5`, `1:30` or `1:02:03.250`; undefined when the text is no such time. */
export function parseTime(text: string): number | undefined {
  const match = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/.exec(text.trim())
  if (match === null) return undefined
  const [, hours, minutes, seconds] = match
  if (minutes !== undefined && Number(seconds) >= 60) return undefined
  if (hours !== undefined && Number(minutes) >= 60) return undefined
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds)
}

/** `M:SS` or, from an hour on, `H:MM:SS`, with the number of decimals asked for. */
export function clockTime(seconds: number, decimals = 0): string {
  const { sign, hours, minutes, rest } = split(seconds, decimals)
  return sign + (hours > 0 ? `${hours}:${pad(minutes)}` : String(minutes)) + `:${rest}`
}

/** `HH:MM:SS.mmm`, the timestamp of WebVTT. */
export function vttTime(seconds: number): string {
  const { hours, minutes, rest } = split(Math.max(0, seconds), 3)
  return `${pad(hours)}:${pad(minutes)}:${rest}`
}

/** `H:MM:SS.mmm`: a time to be copied and typed in elsewhere. */
export function fullTime(seconds: number): string {
  const { sign, hours, minutes, rest } = split(seconds, 3)
  return `${sign}${hours}:${pad(minutes)}:${rest}`
}

/** Seconds to the millisecond, without a negative zero. */
export function roundToMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000 + 0
}

// Rounds first: 59.9996 s is 1:00.000, never 0:60.000.
function split(seconds: number, decimals: number): { sign: string; hours: number; minutes: number; rest: string } {
  const unit = 10 ** decimals
  const total = Math.round(Math.abs(seconds) * unit)
  const whole = Math.floor(total / unit)
  const fraction = decimals === 0 ? '' : `.${String(total % unit).padStart(decimals, '0')}`
  return {
    sign: seconds < 0 && total > 0 ? '-' : '',
    hours: Math.floor(whole / 3600),
    minutes: Math.floor(whole / 60) % 60,
    rest: pad(whole % 60) + fraction,
  }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
