import * as z from "zod";
import { isoTime } from "../../../core/clock.ts";
import { HOUR_MS } from "../../../core/durations.ts";
import { addToCounters } from "./add-to-counters.ts";
import { type CounterTable, readCounterItems } from "./read-counter-items.ts";

const CountersSchema = z.object({ lookups: z.number().default(0), hits: z.number().default(0) });

/** Products that were asked for, and those of them that were still fresh and needed no call. */
export interface CacheUsage {
  readonly lookups: number;
  readonly hits: number;
}

/** Hourly counters of the product cache as items `usage#cache#<YYYY-MM-DDTHH>` of the `upstream-limits` table. */
export class DynamoCacheCounters {
  readonly #table: CounterTable;

  constructor(table: CounterTable) {
    this.#table = table;
  }

  /**
   * Counts into the present hour by one write; give it all products of an invocation at once. Not safe to call twice
   * for the same products. No look-ups: nothing is written.
   * @throws TransientError when the store cannot be reached.
   */
  async count({ lookups, hits }: CacheUsage): Promise<void> {
    if (lookups === 0) return;
    const key = this.#keyOf(this.#table.clock.now());
    await addToCounters(this.#table, { key, amounts: { lookups, hits }, doing: "count cache look-ups" });
  }

  /**
   * What the cache did in the last `hours` hours, the present one included.
   * @throws TransientError when the store cannot be reached.
   */
  async read(hours: number): Promise<CacheUsage> {
    const now = this.#table.clock.now();
    const wanted = Array.from({ length: hours }, (_, back) => this.#keyOf(now - back * HOUR_MS));
    let usage: CacheUsage = { lookups: 0, hits: 0 };
    for (const item of await readCounterItems(this.#table, wanted, "read the cache's counters")) {
      const { lookups, hits } = CountersSchema.parse(item);
      usage = { lookups: usage.lookups + lookups, hits: usage.hits + hits };
    }
    return usage;
  }

  #keyOf(epochMs: number): string {
    return `usage#cache#${isoTime(epochMs).slice(0, 13)}`;
  }
}
