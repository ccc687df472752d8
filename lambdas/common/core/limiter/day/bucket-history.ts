/** Units granted in one stretch of time; `index` counts stretches since the epoch. */
export interface Bucket {
  readonly index: number;
  readonly count: number;
}

/**
 * Writes buckets as `first:count,count,…`: one count per stretch, an empty one for 0. Numbers are in base 36, because
 * a day of quarter hours must leave room in an item of 1 KB.
 */
export const encodeHistory = (buckets: readonly Bucket[]): string => {
  const filled = buckets.filter((bucket) => bucket.count > 0).toSorted((a, b) => a.index - b.index);
  const first = filled[0];
  const last = filled.at(-1);
  if (!first || !last) return "";
  const counts = new Array<string>(last.index - first.index + 1).fill("");
  for (const bucket of filled) counts[bucket.index - first.index] = bucket.count.toString(36);
  return `${first.index.toString(36)}:${counts.join(",")}`;
};

/** Reads what `encodeHistory` wrote; stretches without a grant are left out. Oldest first. */
export const decodeHistory = (text: string): Bucket[] => {
  const [first, counts] = text.split(":");
  if (!first || counts === undefined) return [];
  const start = Number.parseInt(first, 36);
  return counts
    .split(",")
    .map((count, place) => ({ index: start + place, count: count === "" ? 0 : Number.parseInt(count, 36) }))
    .filter((bucket) => bucket.count > 0);
};
