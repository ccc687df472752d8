import * as z from "zod";
import { isoTime } from "../clock.ts";
import { HOUR_MS } from "../durations.ts";

/** Products that one row names at most; DynamoDB reads as many at once. */
export const MAX_KEYS_PER_ROW = 100;

/** What ends: fields of products, an export, or what an export left beside its file. */
export const ContentEndSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("products"), product_keys: z.array(z.string()).min(1).max(MAX_KEYS_PER_ROW) }),
  z.object({ kind: z.literal("export"), object_key: z.string() }),
  z.object({ kind: z.literal("export-pieces"), object_key: z.string() }),
]);
export type ContentEnd = z.infer<typeof ContentEndSchema>;

/** Something with the time at which the licence of its content ends. */
export interface TimedContentEnd {
  readonly endsAtMs: number;
  readonly content: ContentEnd;
}

/** The hour in which something ends, such as `2026-11-30T14`: the partition of its row. */
export const endsHour = (ms: number): string => isoTime(ms).slice(0, 13);

/** Hours from one time to another, both of their hours included, in order. */
export const hoursBetween = (fromMs: number, untilMs: number): string[] => {
  const first = Math.floor(fromMs / HOUR_MS);
  const count = Math.max(0, Math.floor(untilMs / HOUR_MS) - first + 1);
  return Array.from({ length: count }, (_, index) => endsHour((first + index) * HOUR_MS));
};

/** Groups products by each time at which some of their fields end. @param ends by product key, epoch milliseconds */
export const productEnds = (ends: Iterable<readonly [string, readonly number[]]>): TimedContentEnd[] => {
  const byEnd = new Map<number, string[]>();
  for (const [key, times] of ends) {
    for (const endsAtMs of new Set(times)) byEnd.set(endsAtMs, [...(byEnd.get(endsAtMs) ?? []), key]);
  }
  return [...byEnd].flatMap(([endsAtMs, keys]) =>
    Array.from({ length: Math.ceil(keys.length / MAX_KEYS_PER_ROW) }, (_, chunk) => ({
      endsAtMs,
      content: {
        kind: "products" as const,
        product_keys: keys.slice(chunk * MAX_KEYS_PER_ROW, (chunk + 1) * MAX_KEYS_PER_ROW),
      },
    })),
  );
};
