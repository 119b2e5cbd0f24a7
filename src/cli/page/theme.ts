// Owns the colours of the drawing, which are the style sheet's.

export interface Theme {
  readonly ink: string
  readonly muted: string
  readonly line: string
  readonly lane: string
  readonly band: string
  readonly motion: string
  readonly loudness: string
  readonly cut: string
  readonly fade: string
  readonly dissolve: string
  readonly highlight: string
  readonly onHighlight: string
  readonly silence: string
  readonly gap: string
  readonly font: string
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element)
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: color('ink'),
    muted: color('muted'),
    line: color('line'),
    lane: color('lane'),
    band: color('band'),
    motion: color('motion'),
    loudness: color('loudness'),
    cut: color('cut'),
    fade: color('fade'),
    dissolve: color('dissolve'),
    highlight: color('highlight'),
    onHighlight: color('on-highlight'),
    silence: color('silence'),
    gap: color('gap'),
    font: style.fontFamily,
  }
}
