import type { BaseEnv } from "../../core/base-env.ts";
import type { Clock } from "../../core/clock.ts";
import { type ContextLog, createLogger } from "../../platform/logger.ts";
import { createMeter, type Meter } from "../../platform/metrics.ts";
import { newId } from "../../platform/new-id.ts";
import { createSystemClock } from "../../platform/system-clock.ts";

/** What every function that works on a queue or a schedule runs with. */
export interface WorkerContext {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: ContextLog;
  readonly meter: Meter;
}

/** Builds the context of a worker from the system clock, random ids, the structured log and CloudWatch metrics. */
export const buildWorkerContext = (env: Pick<BaseEnv, "STAGE" | "CLOCK_FILE">): WorkerContext => ({
  clock: createSystemClock(env),
  newId,
  log: createLogger(),
  meter: createMeter(env.STAGE),
});
