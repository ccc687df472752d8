/** Writes of one list that are under way at once. */
const PARALLEL_WRITES = 20;

/** Writes each of a list, some at once. @returns what each write gave, in the order of the list */
export const writeAll = async <Item, Result>(
  items: readonly Item[],
  write: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += PARALLEL_WRITES) {
    results.push(...(await Promise.all(items.slice(from, from + PARALLEL_WRITES).map(write))));
  }
  return results;
};

/**
 * Writes each of a list, some at once, whatever becomes of the others of its group. After a group with a fault nothing more is begun.
 * @returns what each write gave that went well, and the first fault
 */
export const settleAll = async <Item, Result>(
  items: readonly Item[],
  write: (item: Item) => Promise<Result>,
): Promise<{ readonly results: readonly Result[]; readonly fault?: unknown }> => {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += PARALLEL_WRITES) {
    const settled = await Promise.allSettled(items.slice(from, from + PARALLEL_WRITES).map(write));
    results.push(...settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    const failed = settled.find((one) => one.status === "rejected");
    if (failed) return { results, fault: failed.reason };
  }
  return { results };
};
