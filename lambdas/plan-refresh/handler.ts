import { METRICS } from "../common/core/metric-names.ts";
import { PlanRequestSchema } from "../common/core/refresh/plan-request.ts";
import { countScheduledCall } from "../common/platform/scheduled-call.ts";
import { forecastRefresh } from "../common/services/refresh/forecast-refresh.ts";
import { planRefresh, reportFields } from "../common/services/refresh/plan-refresh.ts";
import type { Deps } from "./deps.ts";

/** Time of a pass in which further buckets are searched. The function has five minutes. */
const SEARCH_MS = 120_000;

/**
 * Runs every hour, and when an operator asks: plans what is fetched again in it, and counts what will end within a day before it can be. Safe to run at any
 * time and by many at once.
 */
export const createHandler =
  (deps: Deps) =>
  async (event: unknown): Promise<ReturnType<typeof reportFields>> => {
    const { by } = PlanRequestSchema.parse(event);
    if (by === "schedule") countScheduledCall(deps.meter);
    const report = await planRefresh(deps, { by, untilMs: deps.clock.now() + SEARCH_MS });
    const { will_expire } = await forecastRefresh(deps);
    deps.meter.gauge(METRICS.PRODUCTS_WILL_EXPIRE, will_expire.count);
    deps.meter.flush();
    if (will_expire.count > 0) deps.log.warn("products will end before they can be fetched again", { ...will_expire });
    return reportFields(report);
  };
