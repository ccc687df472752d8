import { isoTime } from "../../core/clock.ts";
import type { RefreshForecast } from "../../core/contract/refresh/forecast.ts";
import { HOUR_MS } from "../../core/durations.ts";
import { FORECAST_HOURS, type Forecast, type ForecastSupply, forecastEnds } from "../../core/refresh/forecast.ts";
import type { SourceStatus } from "../source-statuses.ts";
import type { RefreshLoad } from "./forecast-load.ts";
import { blockOf, needsPerson, supplyOf } from "./refresh-supply.ts";

const MINUTES_PER_DAY = 1_440;
/** What Keepa takes for a product without its extras. */
const KEEPA_TOKENS_PER_PRODUCT = 1;
/** A supply that is not there yet; no source has this id. */
const MORE = "more";

type Advice = RefreshForecast["advice"][number];

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const advice = (what: string, willExpire: number): Advice => ({
  change: `${what[0]?.toUpperCase() ?? ""}${what.slice(1)}.`,
  will_expire: willExpire,
});

/** Products that would stay without a call if other sources served the shops. */
const shortWith = (load: RefreshLoad, change: Partial<Pick<RefreshLoad, "shops" | "supplies">>): number =>
  total(forecastEnds({ ...load, ...change }).short);

const withMore = (
  { shops, supplies }: RefreshLoad,
  more: ForecastSupply,
  servesNow: (sources: readonly string[]) => boolean = () => true,
): Pick<RefreshLoad, "shops" | "supplies"> => ({
  shops: shops.map((shop) => ({
    ...shop,
    sourcesByHour: shop.sourcesByHour.map((ids) => (servesNow(ids) ? [...ids, MORE] : ids)),
  })),
  supplies: new Map([...supplies, [MORE, more]]),
});

const atOnce = (products: number): ForecastSupply => ({ perDay: products, left: products, perHour: products });

/** What a source that is blocked for long would do if it answered now. */
const unblocked = (load: RefreshLoad, sources: readonly SourceStatus[], nowMs: number): Advice[] =>
  sources.flatMap((source) => {
    const reason = blockOf(source, nowMs + HOUR_MS);
    // A day that is used up ends by itself, and what is over within the hour needs nothing.
    if (!needsPerson(source) && (reason === null || reason === "daily_quota_used")) return [];
    const shops = load.shops.map((shop) =>
      source.marketplaces.includes(shop.marketplace)
        ? { ...shop, sourcesByHour: new Array(FORECAST_HOURS).fill([source.id]) }
        : shop,
    );
    const untilMs = source.state?.blockedUntilMs ?? null;
    const till = needsPerson(source) || untilMs === null ? "until somebody acts" : `until ${isoTime(untilMs)}`;
    return advice(
      `with ${source.id} answering again; it is blocked ${till}, see enrichline doctor`,
      shortWith(load, { shops }),
    );
  });

/** What a larger allowance of each source in use would do for the shops that it serves now. */
const enlarged = (load: RefreshLoad, sources: readonly SourceStatus[], { short }: Forecast): Advice[] =>
  sources.flatMap((source) => {
    const supply = supplyOf(source);
    if (!supply?.callsPerDay) return [];
    const ofSource = load.shops.map(({ sourcesByHour }) => sourcesByHour[0]?.includes(source.id) === true);
    const callsMore = Math.ceil(total(short.filter((_, index) => ofSource[index])) / supply.idsPerCall);
    if (callsMore === 0) return [];
    const times = (supply.callsPerDay + callsMore) / supply.callsPerDay;
    const change = withMore(load, atOnce(callsMore * supply.idsPerCall), (ids) => ids.includes(source.id));
    return advice(
      `with ${times.toFixed(1)} times the daily allowance of ${source.id} (${callsMore.toLocaleString("en-US")} more calls a day for the refresh)`,
      shortWith(load, change),
    );
  });

/**
 * Changes after which fewer would stay without a call, each with what would be left. What has ended and can be fetched
 * within the day needs no change.
 */
export const adviceOf = (
  load: RefreshLoad,
  forecast: Forecast,
  { sources, nowMs }: { readonly sources: readonly SourceStatus[]; readonly nowMs: number },
): Advice[] => {
  const short = total(forecast.short);
  if (short === 0) return [];
  const tokens = Math.ceil((short * KEEPA_TOKENS_PER_PRODUCT) / MINUTES_PER_DAY);
  const byKeepa = atOnce(Math.floor((tokens * MINUTES_PER_DAY) / KEEPA_TOKENS_PER_PRODUCT));
  const off = Math.min(load.products, short);
  return [
    ...unblocked(load, sources, nowMs),
    ...enlarged(load, sources, forecast),
    advice(
      `with ${tokens.toLocaleString("en-US")} more Keepa tokens a minute`,
      shortWith(load, withMore(load, byKeepa)),
    ),
    advice(
      `with ${off.toLocaleString("en-US")} products fewer in the refresh; one leaves it 30 days after its last import or run with refresh=daily`,
      Math.max(0, short - off),
    ),
  ];
};
