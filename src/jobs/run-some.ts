// Owns working through a list, some items at a time.

/** Takes them in their order, that many at a time. Rejects with the first failure, while others may still run. */
export async function runSome<Item>(items: readonly Item[], atOnce: number, run: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const item of waiting) await run(item)
  })
  await Promise.all(workers)
}
