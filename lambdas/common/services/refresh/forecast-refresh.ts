import type { BucketSummary } from "../../adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import { isoTime } from "../../core/clock.ts";
import type { RefreshForecast } from "../../core/contract/refresh/forecast.ts";
import { HOUR_MS } from "../../core/durations.ts";
import { FORECAST_HOURS, forecastEnds } from "../../core/refresh/forecast.ts";
import { productsPerDay } from "../../core/refresh/hourly-budget.ts";
import type { SourceStatus } from "../source-statuses.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { supplyOf } from "./refresh-supply.ts";

const MINUTES_PER_DAY = 1_440;
/** What Keepa takes for a product without its extras. */
const KEEPA_TOKENS_PER_PRODUCT = 1;

/** Counts by the hour from now, from counts by the hour of the day. */
const fromNow = (summaries: readonly BucketSummary[], nowMs: number): number[] => {
  const current = new Date(nowMs).getUTCHours();
  return Array.from({ length: FORECAST_HOURS }, (_, ahead) =>
    summaries.reduce((sum, { ends_by_hour }) => sum + (ends_by_hour[(current + ahead) % FORECAST_HOURS] ?? 0), 0),
  );
};

const sentence = (what: string): string => `${what[0]?.toUpperCase() ?? ""}${what.slice(1)}.`;

/** Changes after which none would end, each with what would be left. */
const adviceOf = (
  {
    products,
    short,
    endsByHour,
    ended,
  }: {
    readonly products: number;
    readonly short: number;
    readonly endsByHour: readonly number[];
    readonly ended: number;
  },
  sources: readonly SourceStatus[],
  perDay: number,
): RefreshForecast["advice"] => {
  if (short === 0) return [];
  const after = (more: number): number =>
    forecastEnds({ endsByHour, ended, perDay: perDay + more, left: perDay + more }).count;
  const [first] = sources.filter(({ configured }) => configured);
  const supply = first && supplyOf(first);
  const advice: { change: string; will_expire: number }[] = [];
  if (first && supply && supply.callsPerDay !== null && supply.callsPerDay > 0) {
    const callsMore = Math.ceil(short / supply.idsPerCall);
    const times = (supply.callsPerDay + callsMore) / supply.callsPerDay;
    advice.push({
      change: sentence(
        `with ${times.toFixed(1)} times the daily allowance of ${first.id} (${callsMore.toLocaleString("en-US")} more calls a day for the refresh)`,
      ),
      will_expire: after(callsMore * supply.idsPerCall),
    });
  }
  const tokens = Math.ceil((short * KEEPA_TOKENS_PER_PRODUCT) / MINUTES_PER_DAY);
  advice.push({
    change: sentence(`with ${tokens.toLocaleString("en-US")} more Keepa tokens a minute`),
    will_expire: after(Math.floor((tokens * MINUTES_PER_DAY) / KEEPA_TOKENS_PER_PRODUCT)),
  });
  const off = Math.min(products, short);
  advice.push({
    change: sentence(
      `with ${off.toLocaleString("en-US")} products fewer in the refresh; one leaves it 30 days after its last import or run with refresh=daily`,
    ),
    will_expire: Math.max(0, short - off),
  });
  return advice;
};

/**
 * Says what will end within a day before it can be fetched again, and what would change that: by what the buckets held when
 * they were read last, and by what the sources give the refresh.
 */
export const forecastRefresh = async (
  deps: Pick<PlanDeps, "readSourceStatuses" | "clock"> & { readonly plans: Pick<PlanDeps["plans"], "readBuckets"> },
): Promise<RefreshForecast> => {
  const [summaries, sources] = await Promise.all([deps.plans.readBuckets(), deps.readSourceStatuses()]);
  const nowMs = deps.clock.now();
  const supplies = sources.flatMap((source) => supplyOf(source) ?? []);
  const [supply] = supplies;
  const perDay = supply ? productsPerDay(supply) : 0;
  const left = supply ? Math.min(perDay, (supply.callsLeft ?? Number.POSITIVE_INFINITY) * supply.idsPerCall) : 0;
  const products = summaries.reduce((sum, one) => sum + one.products, 0);
  const ended = summaries.reduce((sum, one) => sum + one.ended, 0);
  const endsByHour = fromNow(summaries, nowMs);
  const { count, firstInHours } = forecastEnds({ endsByHour, ended, perDay, left });
  const [oldest = null] = summaries.map(({ as_of }) => as_of).sort();
  return {
    products,
    per_day: perDay,
    will_expire: {
      count,
      first_at: firstInHours === null ? null : isoTime(nowMs + firstInHours * HOUR_MS),
    },
    advice: adviceOf({ products, short: count, endsByHour, ended }, sources, perDay),
    as_of: oldest,
    read_share: summaries.length / FORECAST_HOURS,
  };
};
