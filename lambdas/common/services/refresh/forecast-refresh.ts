import { isoTime } from "../../core/clock.ts";
import type { RefreshForecast } from "../../core/contract/refresh/forecast.ts";
import { HOUR_MS } from "../../core/durations.ts";
import { FORECAST_HOURS, forecastEnds } from "../../core/refresh/forecast.ts";
import { adviceOf } from "./forecast-advice.ts";
import { type RefreshLoad, refreshLoad } from "./forecast-load.ts";
import type { PlanDeps } from "./plan-deps.ts";

/** Products that the sources in use now can fetch in a day. */
const perDayNow = ({ shops, supplies }: RefreshLoad): number => {
  const inUse = new Set(shops.flatMap(({ sourcesByHour }) => sourcesByHour[0] ?? []));
  return [...supplies].reduce((sum, [id, { perDay }]) => sum + (inUse.has(id) ? perDay : 0), 0);
};

/**
 * Says what will have ended within a day before it can be fetched again, and what would change that: by what the buckets
 * held when they were read last, and by what the planner will find in each hour, blocks and fallbacks of each shop among it.
 */
export const forecastRefresh = async (
  deps: Pick<PlanDeps, "readSourceStatuses" | "clock"> & { readonly plans: Pick<PlanDeps["plans"], "readBuckets"> },
): Promise<RefreshForecast> => {
  const [summaries, sources] = await Promise.all([deps.plans.readBuckets(), deps.readSourceStatuses()]);
  const nowMs = deps.clock.now();
  const load = refreshLoad(summaries, sources, nowMs);
  const forecast = forecastEnds(load);
  const { count, firstInHours } = forecast;
  const [oldest = null] = summaries.map(({ as_of }) => as_of).sort();
  return {
    products: load.products,
    per_day: perDayNow(load),
    will_expire: {
      count,
      first_at: firstInHours === null ? null : isoTime(nowMs + firstInHours * HOUR_MS),
    },
    advice: adviceOf(load, forecast, { sources, nowMs }),
    as_of: oldest,
    read_share: summaries.length / FORECAST_HOURS,
  };
};
