import type { SourceId } from "../../source-ids.ts";

/** Keys of raw answers without those of these sources. */
export const withoutRaw = (keys: readonly string[], sources: Iterable<SourceId>): string[] => {
  const prefixes = [...sources].map((source) => `raw/${source}/`);
  return keys.filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)));
};
