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
