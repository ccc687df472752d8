/** Calls of one list that are under way at once. */
const PARALLEL_CALLS = 20;

/**
 * Makes a call for each of a list, some at once, whatever becomes of the others of its group. After a group with a fault nothing
 * more is begun.
 * @returns what each call gave that went well, and the first fault
 */
export const settleAll = async <Item, Result>(
  items: readonly Item[],
  call: (item: Item) => Promise<Result>,
): Promise<{ readonly results: readonly Result[]; readonly fault?: unknown }> => {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += PARALLEL_CALLS) {
    const settled = await Promise.allSettled(items.slice(from, from + PARALLEL_CALLS).map(call));
    results.push(...settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    const failed = settled.find((one) => one.status === "rejected");
    if (failed) return { results, fault: failed.reason };
  }
  return { results };
};
