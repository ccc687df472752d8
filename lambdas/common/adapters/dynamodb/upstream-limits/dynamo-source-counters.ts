import * as z from "zod";
import { isoTime } from "../../../core/clock.ts";
import { HOUR_MS } from "../../../core/durations.ts";
import type { SourceId } from "../../../core/source-ids.ts";
import {
  addUsage,
  type CountedCall,
  noUsage,
  type SourceUsage,
  usageOf,
} from "../../../core/sources/analytics/source-usage.ts";
import { addToCounters } from "./add-to-counters.ts";
import { type CounterTable, readCounterItems } from "./read-counter-items.ts";

const FAILED = "failed:";
const LATENCY = "latency:";

const CountersSchema = z
  .object({
    requests: z.number().default(0),
    successes: z.number().default(0),
    throttled: z.number().default(0),
    latency_ms_total: z.number().default(0),
  })
  .catchall(z.unknown());

/** Flat attributes, because ADD needs no map to exist before it. */
const attributesOf = (usage: SourceUsage): Record<string, number> => {
  const { requests, successes, throttled, latencyMsTotal } = usage;
  const attributes: Record<string, number> = { requests, successes, throttled, latency_ms_total: latencyMsTotal };
  for (const [code, count] of Object.entries(usage.failuresByCode)) attributes[FAILED + code] = count;
  usage.latencyHistogram.forEach((count, place) => {
    if (count > 0) attributes[LATENCY + place] = count;
  });
  return attributes;
};

const usageIn = (source: SourceId, item: Record<string, unknown>): SourceUsage => {
  const { requests, successes, throttled, latency_ms_total, ...rest } = CountersSchema.parse(item);
  const failuresByCode: Record<string, number> = {};
  const latencyHistogram = [...noUsage(source).latencyHistogram];
  for (const [name, count] of Object.entries(rest)) {
    if (typeof count !== "number") continue;
    if (name.startsWith(FAILED)) failuresByCode[name.slice(FAILED.length)] = count;
    if (name.startsWith(LATENCY)) latencyHistogram[Number(name.slice(LATENCY.length))] = count;
  }
  return { source, requests, successes, throttled, failuresByCode, latencyMsTotal: latency_ms_total, latencyHistogram };
};

/** Hourly counters per source as items `usage#<source>#<YYYY-MM-DDTHH>` of the `upstream-limits` table. */
export class DynamoSourceCounters {
  readonly #table: CounterTable;

  constructor(table: CounterTable) {
    this.#table = table;
  }

  /**
   * Counts the calls into the present hour by one write; give it all calls of an invocation at once. Not safe to
   * call twice for the same calls. No calls: nothing is written.
   * @throws TransientError when the store cannot be reached.
   */
  async count(source: SourceId, calls: readonly CountedCall[]): Promise<void> {
    if (calls.length === 0) return;
    await addToCounters(this.#table, {
      key: this.#keyOf(source, this.#table.clock.now()),
      amounts: attributesOf(usageOf(source, calls)),
      doing: `count calls of ${source}`,
    });
  }

  /**
   * What each source did in the last `hours` hours, the present one included; one entry per source, in order.
   * @throws TransientError when the store cannot be reached.
   */
  async read(sources: readonly SourceId[], hours: number): Promise<SourceUsage[]> {
    const now = this.#table.clock.now();
    const keys = new Map<string, SourceId>();
    for (const source of sources) {
      for (let back = 0; back < hours; back += 1) keys.set(this.#keyOf(source, now - back * HOUR_MS), source);
    }
    const totals = new Map(sources.map((source) => [source, noUsage(source)]));
    for (const item of await readCounterItems(this.#table, [...keys.keys()], "read the sources' counters")) {
      const source = keys.get(String(item.limit_key));
      const total = source && totals.get(source);
      if (source && total) totals.set(source, addUsage(total, usageIn(source, item)));
    }
    return [...totals.values()];
  }

  #keyOf(source: SourceId, epochMs: number): string {
    return `usage#${source}#${isoTime(epochMs).slice(0, 13)}`;
  }
}
