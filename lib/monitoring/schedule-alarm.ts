import { Duration } from "aws-cdk-lib";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmRegistry, runbookSection, type Severity } from "./alarm-registry.ts";
import { ownMetric } from "./own-metrics.ts";

/** Everything that runs every minute stands still for one reason as a rule: its scheduler, or Lambda. */
const STANDING_STILL = "Schedules/StandingStill";

/** Registers the alarm that wakes somebody once, however many schedules stand still. */
export const addSchedulesGroup = (alarms: AlarmRegistry): void => {
  alarms.addGroup({
    id: STANDING_STILL,
    severity: "page",
    impact: "What runs every minute stands still: nothing is dispatched, sent again or removed in time.",
    runbook: runbookSection(STANDING_STILL),
  });
};

/** How often calls are counted, and how many may fall out in a row before somebody is woken. */
const RATES = {
  minute: { period: Duration.minutes(1), mostMissed: 5 },
  hour: { period: Duration.hours(1), mostMissed: 2 },
} as const;

/** Who counts the calls of its schedule itself. */
export interface CountsItsCalls {
  readonly config: Pick<StageConfig, "stage">;
  /** Room of the function. */
  readonly service: string;
}

export interface ScheduleAlarmProps {
  readonly every: keyof typeof RATES;
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  readonly fn: IFunction;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
  /** Needed where others call the function too. @default every call of it is one of its schedule */
  readonly counted?: CountsItsCalls;
  /**
   * What it writes in each call that gets to its work; needed where nobody else would notice that all its calls fail, since a call
   * that fails is a call. @default each call counts
   */
  readonly proof?: Metric;
  /** Whether calls that stop wake a person; of those that run every minute one page speaks for all. @default "page" */
  readonly severity?: Severity;
}

/** Registers what a function that is called by a schedule is monitored for: that it is called. */
export const addScheduleAlarm = (
  alarms: AlarmRegistry,
  { every, component, fn, impact, counted, proof, severity = "page" }: ScheduleAlarmProps,
): void => {
  const id = `${component}/NotRunning`;
  const { period, mostMissed } = RATES[every];
  // Its group wakes somebody; by itself it says which one it is.
  const isGrouped = every === "minute" && severity === "page";
  alarms.add({
    id,
    ...(isGrouped ? { severity: "notice" as const, group: STANDING_STILL } : { severity }),
    metric: (proof ?? (counted ? ownMetric(METRICS.SCHEDULED_CALLS, counted) : fn.metricInvocations({ period }))).with({
      period,
    }),
    threshold: 1,
    rings: "below",
    // Nothing is counted where there is no call.
    missingData: "rings",
    periods: mostMissed,
    impact,
    runbook: runbookSection(id),
  });
};
