import { HOUR_MS } from "../../core/durations.ts";
import { type BucketSummary, productsIn } from "../../core/refresh/bucket-summary.ts";
import { FORECAST_HOURS, type ForecastShop, type ForecastSupply } from "../../core/refresh/forecast.ts";
import { callsPerHour, productsPerDay, type RefreshSupply } from "../../core/refresh/hourly-budget.ts";
import type { SourceStatus } from "../source-statuses.ts";
import { needsPerson, shopSupply, supplyOf } from "./refresh-supply.ts";

/** What the refresh has to do, and what it has for it. */
export interface RefreshLoad {
  readonly products: number;
  readonly shops: readonly (ForecastShop & { readonly marketplace: string })[];
  readonly supplies: ReadonlyMap<string, ForecastSupply>;
}

/** A supply in products. */
const inProducts = (supply: RefreshSupply): ForecastSupply => {
  const perDay = productsPerDay(supply);
  const { callsLeft, idsPerCall } = supply;
  return {
    perDay,
    left: Math.min(perDay, Math.max(0, callsLeft ?? Number.POSITIVE_INFINITY) * idsPerCall),
    perHour: callsPerHour(supply) * idsPerCall,
  };
};

/** Ids of the source that the planner will take for a shop in this hour, the next, …; none while what it has is blocked. */
const sourcesByHour = (sources: readonly SourceStatus[], marketplace: string, nowMs: number): string[][] => {
  // Their pause has a trial every 15 minutes, which fails until somebody acts.
  const others = sources.filter((source) => !needsPerson(source));
  return Array.from({ length: FORECAST_HOURS }, (_, ahead) => {
    const { source, blocked } = shopSupply(others, marketplace, nowMs + ahead * HOUR_MS);
    return source && blocked === null ? [source.id] : [];
  });
};

/** Counts by the hour from now, from counts by the hour of the day. */
const fromNow = (byHourOfDay: readonly number[], nowMs: number): number[] => {
  const current = new Date(nowMs).getUTCHours();
  return Array.from({ length: FORECAST_HOURS }, (_, ahead) => byHourOfDay[(current + ahead) % FORECAST_HOURS] ?? 0);
};

/** Reads the load out of what the buckets held, as the sources are at a time. */
export const refreshLoad = (
  summaries: readonly BucketSummary[],
  sources: readonly SourceStatus[],
  nowMs: number,
): RefreshLoad => {
  const ofShops = Map.groupBy(
    summaries.flatMap(({ shops }) => shops),
    ({ marketplace }) => marketplace,
  );
  return {
    products: summaries.reduce((sum, summary) => sum + productsIn(summary), 0),
    shops: [...ofShops].map(([marketplace, counts]) => ({
      marketplace,
      ended: counts.reduce((sum, { ended }) => sum + ended, 0),
      endsByHour: fromNow(
        Array.from({ length: FORECAST_HOURS }, (_, hour) =>
          counts.reduce((sum, { ends_by_hour }) => sum + (ends_by_hour[hour] ?? 0), 0),
        ),
        nowMs,
      ),
      sourcesByHour: sourcesByHour(sources, marketplace, nowMs),
    })),
    supplies: new Map(
      sources.flatMap((source) => {
        const supply = supplyOf(source);
        return supply ? [[source.id, inProducts(supply)] as const] : [];
      }),
    ),
  };
};
