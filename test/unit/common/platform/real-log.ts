import { createLogger } from "../../../../lambdas/common/platform/logger.ts";
import { createMeter } from "../../../../lambdas/common/platform/metrics.ts";

/** In place of `test/helpers/silent.ts`: the real logger at level DEBUG, and the real meter, which prints too. */
process.env.POWERTOOLS_DEV = "true";
process.env.POWERTOOLS_LOG_LEVEL = "DEBUG";
process.env.POWERTOOLS_METRICS_DISABLED = "false";
process.env.POWERTOOLS_SERVICE_NAME = "test-function";
export const silentLog = createLogger();
export const silentMeter = createMeter("test");
export const silentUsage = { count: (): void => {} };
