import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../config/load-settings.ts";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";
import { ownMetric, recordMetrics, sourceMetrics, standstill, successRate, summed } from "./own-metrics.ts";

/**
 * Registers what the main line counts about itself: records that come back, work that stopped without a reason, products that
 * fail, and sources that refuse the account, are stopped by their breaker, or have little left of the day.
 */
export const addMainLineAlarms = (alarms: AlarmRegistry, config: StageConfig): void => {
  alarms.add({
    id: "MainLine/RecordFailed",
    severity: "notice",
    // A consumer that gives records back has not failed as an invocation: no error of Lambda's own counts it.
    metric: summed("Records that came back", recordMetrics(METRICS.RECORD_FAILED, config)),
    threshold: config.alarms.failed_records,
    impact: "Messages come back instead of being done: uploads, products or exports are late.",
    runbook: runbookSection("MainLine/RecordFailed"),
  });
  alarms.add({
    id: "MainLine/StuckWork",
    severity: "page",
    metric: ownMetric(METRICS.STUCK_WORK, { config, service: "reconcile" }),
    threshold: 1,
    impact: "Work stood still with no reason to wait and was sent again; products fail if five resends do not help.",
    runbook: runbookSection("MainLine/StuckWork"),
  });
  alarms.add({
    id: "MainLine/NoProgress",
    severity: "page",
    metric: standstill(config),
    threshold: 1,
    // Half an hour.
    periods: 6,
    impact: "No product was finished for 30 minutes although nothing holds them up: users wait for nothing.",
    runbook: runbookSection("MainLine/NoProgress"),
  });
  alarms.add({
    id: "MainLine/SuccessRate",
    severity: "notice",
    metric: successRate(config),
    threshold: config.alarms.success_rate,
    rings: "below",
    periods: 3,
    impact: "More products fail than usual: their users get rows without data.",
    runbook: runbookSection("MainLine/SuccessRate"),
  });
  const { success_rate_band } = config.alarms;
  if (success_rate_band !== undefined) {
    alarms.add({
      id: "MainLine/SuccessRateAnomaly",
      severity: "notice",
      metric: successRate(config),
      threshold: success_rate_band,
      rings: "below-band",
      periods: 3,
      impact: "More products fail than at this time of other days and weeks: their users get rows without data.",
      runbook: runbookSection("MainLine/SuccessRateAnomaly"),
    });
  }
  addSourceAlarms(alarms, config);
};

/** A refused source is tried again every 15 minutes: its alarm rings on from one trial to the next. */
const FROM_TRIAL_TO_TRIAL = 4;

/**
 * One alarm for each source, over all functions that call it: a source that is in trouble must not hide that another one gets
 * into it. Each watches one metric and costs what a part of a sum would.
 */
const addSourceAlarms = (alarms: AlarmRegistry, config: StageConfig): void => {
  for (const { id, metric } of sourceMetrics(METRICS.CRITICAL_UPSTREAM_ERROR, config, "Sum")) {
    alarms.add({
      id: "MainLine/CriticalUpstreamError",
      of: id,
      severity: "notice",
      metric,
      threshold: 1,
      lasting: FROM_TRIAL_TO_TRIAL,
      impact: "The source refuses the account and is paused: products continue with the other sources.",
      runbook: runbookSection("MainLine/CriticalUpstreamError"),
    });
  }
  for (const { id, metric } of sourceMetrics(METRICS.CRITICAL_WITHOUT_FALLBACK, config, "Sum")) {
    alarms.add({
      id: "MainLine/CriticalWithoutFallback",
      of: id,
      severity: "page",
      metric,
      threshold: 1,
      lasting: FROM_TRIAL_TO_TRIAL,
      impact:
        "The source refuses the account and no other source can take over: products wait until somebody repairs it.",
      runbook: runbookSection("MainLine/CriticalWithoutFallback"),
    });
  }
  for (const { id, metric } of sourceMetrics(METRICS.BREAKER_OPEN, config, "Maximum")) {
    alarms.add({
      id: "MainLine/BreakerOpen",
      of: id,
      severity: "notice",
      metric,
      threshold: 1,
      impact: "The source is left alone after many failures: runs wait for it, or continue with later sources only.",
      runbook: runbookSection("MainLine/BreakerOpen"),
    });
  }
  for (const { id, metric } of sourceMetrics(METRICS.QUOTA_USED_SHARE, config, "Maximum")) {
    alarms.add({
      id: "MainLine/QuotaUsed",
      of: id,
      severity: "notice",
      metric,
      threshold: config.alarms.quota_used_percent / 100,
      impact:
        "The source is nearly used up for the day: runs will soon wait for calls to come free, or continue without it.",
      runbook: runbookSection("MainLine/QuotaUsed"),
    });
  }
};
