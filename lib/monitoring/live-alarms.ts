import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";
import { ownMetric } from "./own-metrics.ts";
import { addIteratorAgeAlarm } from "./stream-alarms.ts";

/** Errors in 5 minutes from which on somebody is notified: single ones are connections that broke at that moment. */
const MAX_ERRORS = 10;
/** A change that is older was not sent while it was news. */
const MAX_ITERATOR_AGE_MS = 10_000;

export interface LiveAlarmsProps {
  readonly config: Pick<StageConfig, "stage">;
  /** The function that reads the stream. */
  readonly consumer: IFunction;
}

/** Registers what live updates are monitored for: connections and messages that fail, sends that fail, late changes. */
export const addLiveAlarms = (alarms: AlarmRegistry, { config, consumer }: LiveAlarmsProps): void => {
  alarms.add({
    id: "Live/ConnectErrors",
    severity: "notice",
    metric: ownMetric(METRICS.WEB_SOCKET_ERRORS, { config, service: "live-connections" }),
    threshold: MAX_ERRORS,
    impact: "Connections or subscriptions fail; their clients poll and try again.",
    runbook: runbookSection("Live/ConnectErrors"),
  });
  alarms.add({
    id: "Live/PushErrors",
    severity: "notice",
    metric: ownMetric(METRICS.PUSH_ERRORS, { config, service: "broadcast-changes" }),
    threshold: MAX_ERRORS,
    impact: "Listeners were not reached and disconnected; they connect again and get a snapshot.",
    runbook: runbookSection("Live/PushErrors"),
  });
  addIteratorAgeAlarm(alarms, {
    component: "Live",
    fn: consumer,
    lateMs: MAX_ITERATOR_AGE_MS,
    impact: "Live updates are late; clients see changes sooner by polling.",
  });
};
