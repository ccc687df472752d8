import type { ContextLog } from "../../lambdas/common/platform/logger.ts";
import type { Meter } from "../../lambdas/common/platform/metrics.ts";

const nothing = () => undefined;

/** A logger that says nothing. */
export const silentLog: ContextLog = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  during: (_fields, work) => work(),
};

/** Counts nothing that runs use. */
export const silentUsage = { count: nothing };

/** A meter that counts nothing. */
export const silentMeter: Meter = { count: nothing, duration: nothing, gauge: nothing, flush: nothing };
