import type { KnownProduct } from "../../adapters/dynamodb/products/product-reader.ts";
import type { RunOptions } from "../../core/catalogs/run-options.ts";
import { isoTime } from "../../core/clock.ts";
import { DAY_MS } from "../../core/durations.ts";

/** How long a product stays in the daily refresh after a run with `refresh=daily` or an import. */
const REFRESH_FOR_MS = 30 * DAY_MS;

/** Until when the daily refresh keeps a product that is fetched now; null: this run wants nothing kept. */
export const keptUntil = ({ refresh_daily }: Pick<RunOptions, "refresh_daily">, nowMs: number): string | null =>
  refresh_daily ? isoTime(nowMs + REFRESH_FOR_MS) : null;

/**
 * The same of a product that is served from the table. Undefined when it is noted already, a day less exactly: so one that
 * every run wants costs a write a day.
 */
export const renewedUntil = (
  known: KnownProduct | undefined,
  options: Pick<RunOptions, "refresh_daily">,
  nowMs: number,
): string | undefined => {
  const until = keptUntil(options, nowMs);
  const noted = Date.parse(known?.refresh_until ?? "");
  return until === null || noted > Date.parse(until) - DAY_MS ? undefined : until;
};
