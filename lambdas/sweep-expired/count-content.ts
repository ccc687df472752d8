import type { ContentCounts } from "../common/adapters/dynamodb/content-ends/content-counts.ts";
import { isoTime } from "../common/core/clock.ts";
import { type Census, countProducts, newCensus } from "../common/core/licences/revocations/census.ts";
import { SOURCE_IDS, SourceIdSchema } from "../common/core/source-ids.ts";
import type { Deps } from "./deps.ts";
import { countExports } from "./sweep-exports.ts";

/** A count is made once a day; it reads the whole table, which costs about a cent for 200,000 products. */
const EVERY_MS = 24 * 3_600_000;

const isCountDue = ({ requested_at, last }: ContentCounts, nowMs: number): boolean =>
  last === null ||
  (requested_at !== null && requested_at > last.started_at) ||
  nowMs - Date.parse(last.started_at) >= EVERY_MS;

/** One bounded piece of the count. */
const countOn = async (deps: Deps, census: Census): Promise<Census> => {
  switch (census.step) {
    case "products": {
      const { origins, next } = await deps.products.readOrigins(census.after);
      const counted = { ...countProducts(census, origins, deps.licences), after: next };
      return next === null ? { ...counted, step: "raw" } : counted;
    }
    case "raw": {
      const { keys, next } = await deps.objects.listPage("raw/", census.after);
      const held = structuredClone(census.held);
      for (const key of keys) {
        const source = SourceIdSchema.safeParse(key.split("/")[1]).data;
        if (source !== undefined) held[source].raw_answers += 1;
      }
      return { ...census, held, after: next, ...(next === null ? { step: "exports" } : {}) };
    }
    case "exports": {
      const { counts, next } = await countExports(deps, census.after);
      const held = structuredClone(census.held);
      for (const source of SOURCE_IDS) held[source].exports += counts[source] ?? 0;
      const counted_at = next === null ? isoTime(deps.clock.now()) : null;
      return { ...census, held, after: next, counted_at };
    }
  }
};

/** Counts what is held of each source, once a day and when somebody asks, in pieces whose place is kept. */
export const countContent = async (deps: Deps, untilMs: number): Promise<void> => {
  let counts: ContentCounts | undefined = await deps.counts.read();
  while (counts && deps.clock.now() < untilMs) {
    if (counts.running === null && !isCountDue(counts, deps.clock.now())) return;
    const census = await countOn(deps, counts.running ?? newCensus(isoTime(deps.clock.now())));
    const isDone = census.counted_at !== null;
    counts = await deps.counts.save(counts, {
      running: isDone ? null : census,
      last: isDone ? census : counts.last,
    });
  }
};
