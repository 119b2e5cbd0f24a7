// Owns what an aborted job rejects with: the signal's own reason, whatever it is, as Node does.

export function abortReason(signal: AbortSignal | undefined): unknown {
  return signal?.reason ?? new DOMException('This operation was aborted', 'AbortError')
}
