import type { Log } from "../../lambdas/platform/logger.ts";
import type { Meter } from "../../lambdas/platform/metrics.ts";

const nothing = () => undefined;

/** A logger that says nothing. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A meter that counts nothing. */
export const silentMeter: Meter = { count: nothing, duration: nothing, gauge: nothing, flush: nothing };
