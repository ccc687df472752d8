import * as z from "zod";
import { isoTime } from "../clock.ts";
import type { SourceId } from "../source-ids.ts";
import { runCostUsd } from "./run-cost.ts";

/** What a run will take: calls a source, time, share of the day, tokens, money. */
export const EstimateSchema = z.object({
  calls: z
    .record(z.string(), z.number().int().min(0))
    .describe("Calls by source id; sources that are not needed are left out."),
  fresh: z.number().int().min(0).describe("Products that are still fresh and need no call."),
  seconds: z.number().int().min(0).describe("Seconds until the last product is done."),
  finishes_at: z.iso.datetime().describe("When that will be, if it begins now."),
  day_share: z
    .number()
    .min(0)
    .nullable()
    .describe(
      "Largest share of one source's daily allowance that the run takes, 0 to 1 and beyond 1 when it takes more than a day; null without a daily limit.",
    ),
  keepa_tokens: z.number().int().min(0).describe("Keepa tokens that it takes; 0 when Keepa is not asked."),
  usd: z.string().describe("Infrastructure cost in US dollars, decimal text; fees of the sources are not in it."),
});
export type Estimate = z.infer<typeof EstimateSchema>;

/** What the estimate needs to know about one source. */
export interface EstimateSource {
  readonly id: SourceId;
  readonly idsPerCall: number;
  /** What a call with `ids` ids costs of the day, in the source's unit. */
  readonly cost: (ids: number) => number;
  readonly callsPerSecond: number;
  /** Units a day; null: no daily limit. */
  readonly unitsPerDay: number | null;
  /** Units left now; null: no daily limit. */
  readonly leftToday: number | null;
  /** Epoch ms before which no call starts; null when calls may go. */
  readonly blockedUntilMs: number | null;
  /** Shops that it serves, by code. */
  readonly marketplaces: readonly string[];
  /** A second operation that every product needs, under a limit of its own (SP-API's prices). @default none */
  readonly offers?: { readonly idsPerCall: number; readonly callsPerSecond: number } | undefined;
  /** Whether it can list variations, a call for each product. @default false */
  readonly listsVariations?: boolean;
}

/** Products of one shop: `fresh` of the `products` need no call. */
export interface EstimateSegment {
  readonly marketplace: string;
  readonly products: number;
  readonly fresh: number;
}

/** The limiter leaves 50 ms between slots at 1 call/s, so calls take this much longer than at the bare rate. */
const PACE_MARGIN = 1.05;
const DAY_SECONDS = 86_400;

/** Calls for `products` products and the units they cost; calls for offers apart, because they run in parallel. */
const callsFor = (source: EstimateSource, products: number): { calls: number; units: number; offers: number } => {
  const full = Math.floor(products / source.idsPerCall);
  const rest = products % source.idsPerCall;
  const units = full * source.cost(source.idsPerCall) + (rest > 0 ? source.cost(rest) : 0);
  const offers = source.offers ? Math.ceil(products / source.offers.idsPerCall) : 0;
  return { calls: full + (rest > 0 ? 1 : 0), units, offers };
};

/** Products that the source can still fetch today. */
const servableToday = (source: EstimateSource): number => {
  if (source.leftToday === null) return Number.POSITIVE_INFINITY;
  const perCall = source.cost(source.idsPerCall);
  return perCall > 0 ? Math.floor(source.leftToday / perCall) * source.idsPerCall : Number.POSITIVE_INFINITY;
};

/** Seconds that `calls` calls take at a pace. */
const paceSeconds = ({ callsPerSecond }: { readonly callsPerSecond: number }, calls: number): number =>
  calls === 0 ? 0 : (calls / callsPerSecond) * PACE_MARGIN;

interface Take {
  calls: number;
  /** Calls for offers, not in `calls`. */
  offers: number;
  units: number;
  /** The part of `units` that must wait for later days. */
  laterUnits: number;
  laterCalls: number;
}

/** Seconds until the offers are fetched, which have their own pace. */
const offersSeconds = ({ offers }: EstimateSource, calls: number): number => (offers ? paceSeconds(offers, calls) : 0);

/** Seconds from now until the source has made its part of the calls, over as many days as its allowance requires. */
const secondsOf = (source: EstimateSource, take: Take, nowMs: number): number =>
  Math.max(mainSeconds(source, take, nowMs), offersSeconds(source, take.offers));

const mainSeconds = (source: EstimateSource, take: Take, nowMs: number): number => {
  const wait = Math.max(0, ((source.blockedUntilMs ?? nowMs) - nowMs) / 1000);
  const today = wait + paceSeconds(source, take.calls - take.laterCalls);
  if (take.laterUnits === 0 || source.unitsPerDay === null) return today;
  const days = Math.ceil(take.laterUnits / source.unitsPerDay);
  const lastDayUnits = take.laterUnits - (days - 1) * source.unitsPerDay;
  return days * DAY_SECONDS + paceSeconds(source, (take.laterCalls * lastDayUnits) / take.laterUnits);
};

/**
 * Estimates what an enrichment will take. Each product is expected from the first source that serves its shop and has
 * allowance left today. The next source takes over where a day is used up, and products that no source can serve today
 * wait for the first source's next day. Variations count a call for each product, which is the maximum: products of one
 * family share them. Calls of fallback sources, for products that the first source knows only in part, are not counted.
 * @param sources configured sources in the order in which they are asked; empty makes every call impossible
 * @param batches batches that the run is cut into
 * @returns null when no source can serve any of the products that need a call
 */
export const estimateRun = (input: {
  readonly segments: readonly EstimateSegment[];
  readonly sources: readonly EstimateSource[];
  readonly batches: number;
  /** Whether the run lists variations. @default false */
  readonly includeVariations?: boolean;
  readonly nowMs: number;
}): Estimate | null => {
  const takes = new Map<EstimateSource, Take>();
  const left = new Map(input.sources.map((source) => [source, servableToday(source)]));
  const takenOf = (source: EstimateSource): Take => {
    const sum = takes.get(source) ?? { calls: 0, offers: 0, units: 0, laterCalls: 0, laterUnits: 0 };
    takes.set(source, sum);
    return sum;
  };
  const takeVariations = (source: EstimateSource, products: number): void => {
    const sum = takenOf(source);
    const leftNow = Math.max(0, (source.leftToday ?? Number.POSITIVE_INFINITY) - (sum.units - sum.laterUnits));
    const later = Math.max(0, products - leftNow);
    sum.calls += products;
    sum.units += products;
    sum.laterCalls += later;
    sum.laterUnits += later;
  };
  const take = (source: EstimateSource, products: number, later: boolean): void => {
    const { calls, units, offers } = callsFor(source, products);
    const sum = takenOf(source);
    sum.calls += calls;
    sum.offers += offers;
    sum.units += units;
    if (later) {
      sum.laterCalls += calls;
      sum.laterUnits += units;
    }
  };

  for (const segment of input.segments) {
    const wanted = segment.products - segment.fresh;
    let open = wanted;
    const serving = input.sources.filter((source) => source.marketplaces.includes(segment.marketplace));
    if (open > 0 && serving.length === 0) return null;
    for (const source of serving) {
      const now = Math.min(open, left.get(source) ?? 0);
      if (now <= 0) continue;
      take(source, now, false);
      left.set(source, (left.get(source) ?? 0) - now);
      open -= now;
    }
    const [first] = serving;
    if (open > 0 && first) take(first, open, true);
    const lister = input.includeVariations ? serving.find(({ listsVariations }) => listsVariations) : undefined;
    if (lister && wanted > 0) takeVariations(lister, wanted);
  }

  const used = [...takes.entries()];
  const seconds = Math.ceil(Math.max(0, ...used.map(([source, sum]) => secondsOf(source, sum, input.nowMs))));
  const shares = used.flatMap(([source, sum]) => (source.unitsPerDay ? [sum.units / source.unitsPerDay] : []));
  const products = input.segments.reduce((sum, segment) => sum + segment.products, 0);
  const fresh = input.segments.reduce((sum, segment) => sum + segment.fresh, 0);
  const busySeconds = used.reduce(
    (sum, [source, taken]) => sum + Math.max(paceSeconds(source, taken.calls), offersSeconds(source, taken.offers)),
    0,
  );
  const calls = used.reduce((sum, [, taken]) => sum + taken.calls + taken.offers, 0);
  return {
    calls: Object.fromEntries(used.map(([source, sum]) => [source.id, sum.calls + sum.offers])),
    fresh,
    seconds,
    finishes_at: isoTime(input.nowMs + seconds * 1000),
    day_share: shares.length > 0 ? Math.ceil(Math.max(...shares) * 10_000) / 10_000 : null,
    keepa_tokens: used.find(([source]) => source.id === "keepa")?.[1].units ?? 0,
    usd: runCostUsd({ products, fresh, calls, batches: input.batches, busySeconds }),
  };
};
