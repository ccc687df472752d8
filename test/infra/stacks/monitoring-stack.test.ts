import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import { alarmName } from "../../../lib/monitoring/alarm-registry.ts";
import { alarmedStage, entries, groups, Monitoring } from "../stage/alarmed-stage.ts";
import { resourcesOf } from "../stage/resources.ts";
import { synthesizedStage } from "../stage/synth-stage.ts";

const PAGES = [
  "Api/ServerErrors",
  "Api/Unreachable",
  "Broadcasts/DlqNotEmpty",
  "CaptionParsedQueue/DlqNotEmpty",
  "EnrichExpressQueue/DlqNotEmpty",
  "EnrichQueue/DlqNotEmpty",
  "ExportsQueue/DlqNotEmpty",
  "IngestQueue/DlqNotEmpty",
  "MainLine/CriticalWithoutFallback",
  "MainLine/NoProgress",
  "MainLine/StuckWork",
  "OutcomesStream/DlqNotEmpty",
  "PlanRefresh/NotRunning",
  "ProductsStream/DlqNotEmpty",
  "ReactionsQueue/DlqNotEmpty",
  "RefreshQueue/DlqNotEmpty",
  "RequestsQueue/DlqNotEmpty",
  "Schedules/StandingStill",
  "ThumbnailGeneratedQueue/DlqNotEmpty",
  "UndeliveredEvents/DlqNotEmpty",
  "WebhookStreams/DlqNotEmpty",
  "WebhooksQueue/DlqNotEmpty",
];
const NOTICES = [
  ...["Live/ConnectErrors", "Live/IteratorAge", "Live/PushErrors", "LiveConnections/NotRunning"],
  ...["Api/LatencyP99", "ProductsStream/IteratorAge"],
  ...["ProductNotices/DlqNotEmpty", "ShopLine/ErrorRate", "ShopLine/Orphans", "SweepStaging/NotRunning"],
  ...["DispatchBatches/NotRunning", "Reconcile/NotRunning", "SweepExpired/NotRunning"],
  "HandleDeadLetters/NotRunning",
  ...["MainLine/BreakerOpen", "MainLine/CriticalUpstreamError", "MainLine/QuotaUsed", "MainLine/RecordFailed"],
  ...["MainLine/SuccessRate", "MainLine/SuccessRateAnomaly"],
  "Refresh/WillExpire",
  ...["Events/PublishFailures", "Events/RequestsRefused"],
  ...["DeliverWebhooks/NotRunning", "WebhookStreams/IteratorAge", "Webhooks/DeliveryFailures", "Webhooks/SwitchedOff"],
  ...[
    "AcceptRequests",
    "ReactToOutcomes",
    "AuthorizeRequests",
    "BroadcastChanges",
    "AssembleProduct",
    "CatalogsApi",
    "DeliverWebhooks",
    "DispatchBatches",
    "EnrichBatch",
    "EnrichExpress",
    "ExportCatalog",
    "IngestCatalog",
    "LiveConnections",
    "OperationsApi",
    "PlanRefresh",
    "HandleDeadLetters",
    "ProductsApi",
    "PublishEvents",
    "Reconcile",
    "RefreshProducts",
    "ShopApi",
    "SweepExpired",
    "SweepStaging",
  ].flatMap((name) => ["Duration", "Errors", "Throttles"].map((condition) => `${name}/${condition}`)),
  ...[
    "CaptionParsedQueue",
    "EnrichExpressQueue",
    "EnrichQueue",
    "ExportsQueue",
    "IngestQueue",
    "RefreshQueue",
    "ReactionsQueue",
    "RequestsQueue",
    "ThumbnailGeneratedQueue",
    "WebhooksQueue",
  ].flatMap((name) => [`${name}/Depth`, `${name}/OldestMessage`]),
  ...[
    "Access",
    "AssemblyStaging",
    "ContentEnds",
    "DeadLetters",
    "EnrichmentStatus",
    "Failures",
    "LiveConnections",
    "Operations",
    "ProductHistory",
    "Products",
    "RefreshDemand",
    "Marketplaces",
    "RefreshJobs",
    "ShopProducts",
    "UpstreamLimits",
    "Webhooks",
  ].map((name) => `${name}Table/Throttled`),
];
/** Ids by severity, those that several alarms share once. */
const ids = (severity: string) => [
  ...new Set(
    [...entries, ...groups]
      .filter((entry) => entry.severity === severity)
      .map(({ id }) => id)
      .sort(),
  ),
];

describe("the alarm inventory", () => {
  it("wakes somebody for exactly these", () => {
    expect(ids("page")).toEqual(PAGES);
  });

  it("writes a notice for exactly these", () => {
    expect(ids("notice")).toEqual([...NOTICES].sort());
  });

  it("is what is deployed, no more and no fewer", () => {
    const names = [...resourcesOf(Monitoring, "AWS::CloudWatch::Alarm").values()].map(
      ({ Properties }) => Properties.AlarmName,
    );
    expect(names.sort()).toEqual(entries.map((entry) => `Enrichline-prod/${alarmName(entry)}`).sort());
  });

  it("has on stage local only what the emulator takes: it refuses metric math, and a label makes that of any metric", () => {
    const alarms = resourcesOf(synthesizedStage("local").templates.Monitoring, "AWS::CloudWatch::Alarm");
    const refused = [...alarms.values()].filter(({ Properties }) => Properties.Metrics !== undefined);
    expect(refused.map(({ Properties }) => Properties.AlarmName)).toEqual([]);
    expect(alarms.size).toBeGreaterThan(20);
  });
});

describe("alarms on sources", () => {
  it("watch each source over all functions that call it, one alarm a source and condition", () => {
    const watched = entries.filter(({ id }) => /^MainLine\/(CriticalUpstreamError|BreakerOpen|QuotaUsed)$/.test(id));
    const sources = alarmedStage.config.sources.map(({ id }) => id);
    expect(watched.map(({ of }) => of)).toEqual([...sources, ...sources, ...sources]);
    for (const { of, metric } of watched) {
      if (!(metric instanceof Metric)) throw new Error("one metric costs what a part of a sum would");
      expect(metric.dimensions).toEqual({ service: "sources", stage: "prod", source: of });
    }
  });
});

describe("alarms of stage local", () => {
  it("name one metric each, because the emulator refuses any other; a metric with a label counts as math", () => {
    const alarms = [...resourcesOf(synthesizedStage("local").templates.Monitoring, "AWS::CloudWatch::Alarm").values()];
    expect(alarms.length).toBeGreaterThan(20);
    expect(alarms.filter(({ Properties }) => "Metrics" in Properties)).toEqual([]);
  });
});
