import type { RunUsage } from "../../core/cost/run-usage.ts";

/** Entries of an ADD clause that count what was used into a run, and their values; none for nothing. */
export const usageAdditions = (
  used: RunUsage,
): { readonly add: readonly string[]; readonly values: Readonly<Record<string, number>> } => {
  const entries = Object.entries(used).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return {
    add: entries.map(([name]) => `${name} :${name}`),
    values: Object.fromEntries(entries.map(([name, amount]) => [`:${name}`, amount])),
  };
};
