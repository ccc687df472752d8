import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Match } from "aws-cdk-lib/assertions";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { LetterQueueSchema } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";
import { AlarmRegistry, alarmName, runbookSection } from "../../../lib/monitoring/alarm-registry.ts";
import { resourcesOf } from "../stage/resources.ts";
import { buildStage, STAGES, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
// With all that a stage can have an alarm on.
const stage = buildStage("prod", {
  settings: {
    downstream_events: true,
    alarms: { success_rate_band: 2 },
    ...{ region: "us-east-1", health_canary: true },
  },
});
const { Monitoring } = templatesOf(stage);
const { entries, groups } = stage.alarms;

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
    const sources = stage.config.sources.map(({ id }) => id);
    expect(watched.map(({ of }) => of)).toEqual([...sources, ...sources, ...sources]);
    for (const { of, metric } of watched) {
      if (!(metric instanceof Metric)) throw new Error("one metric costs what a part of a sum would");
      expect(metric.dimensions).toEqual({ service: "sources", stage: "prod", source: of });
    }
  });
});

/** What lies in a dead-letter queue, as its alarm adds it to what was taken out of it. */
const messagesOf = (metric: IMetric): Metric | undefined => {
  const { messages } = metric instanceof MathExpression ? metric.usingMetrics : {};
  return messages instanceof Metric ? messages : undefined;
};

describe("what is given up", () => {
  it("is collected, and known by the name of its alarm's component, for each queue that nobody else reads", () => {
    const collected = stage.alarms.deadLetters.entries;
    expect(collected.map(({ name }) => name)).toEqual(LetterQueueSchema.options);
    const watched = entries.filter(({ id }) => id.endsWith("/DlqNotEmpty"));
    const queues = watched.map(({ metric }) => messagesOf(metric)?.dimensions?.QueueName);
    expect(collected.map(({ queue }) => queue.queueName).sort()).toEqual(queues.sort());
  });

  it("has exactly one alarm for each queue that nobody reads, and none for the others", () => {
    const queues = stage.app.node.findAll().filter((construct): construct is Queue => construct instanceof Queue);
    const read = stage.app.node
      .findAll()
      .flatMap((construct) => (construct instanceof CfnEventSourceMapping ? (construct.eventSourceArn ?? []) : []));
    expect(queues.length).toBeGreaterThan(15);
    for (const queue of queues) {
      const alarms = entries.filter(
        ({ id, metric }) =>
          id.endsWith("/DlqNotEmpty") && messagesOf(metric)?.dimensions?.QueueName === queue.queueName,
      );
      expect(alarms, queue.node.path).toHaveLength(read.includes(queue.queueArn) ? 0 : 1);
    }
  });

  it("gets its alarm in one place", () => {
    const folder = join(ROOT, "lib");
    const named = globSync("**/*.ts", { cwd: folder }).filter((file) =>
      /\}\/(DlqNotEmpty|IteratorAge)`/.test(readFileSync(join(folder, file), "utf8")),
    );
    expect(named.sort()).toEqual(["monitoring/dead-letters/dead-letter-alarm.ts", "monitoring/stream-alarms.ts"]);
  });
});

describe("every alarm", () => {
  const deployed = [...resourcesOf(Monitoring, "AWS::CloudWatch::Alarm").values()].map(({ Properties }) => Properties);

  it("says who suffers and where to read on, and notifies one topic", () => {
    for (const { AlarmDescription, AlarmActions } of deployed) {
      expect(AlarmDescription).toMatch(/^\[(page|notice)\] .+ (reached|is below) .+docs\/runbook\.md#[a-z0-9]+$/);
      expect(AlarmActions).toHaveLength(1);
    }
  });

  it("notifies the topic of its severity, and says that it is over only where it woke somebody", () => {
    const topicOf = (severity: string) => [
      { Ref: expect.stringMatching(severity === "page" ? /^TopicsPage/ : /^TopicsNotice/) },
    ];
    const composite = [...resourcesOf(Monitoring, "AWS::CloudWatch::CompositeAlarm").values()];
    for (const { AlarmName, AlarmActions, OKActions } of [
      ...deployed,
      ...composite.map(({ Properties }) => Properties),
    ]) {
      const own = [...entries, ...groups].find((entry) => AlarmName === `Enrichline-prod/${alarmName(entry)}`);
      expect(AlarmActions, String(AlarmName)).toEqual(topicOf(own?.severity ?? ""));
      expect(OKActions, String(AlarmName)).toEqual(own?.severity === "page" ? topicOf("page") : undefined);
    }
  });

  it("rings at its threshold and stays quiet without data, but for those that ring below it or for want of calls", () => {
    const others = deployed.filter(
      ({ TreatMissingData, ComparisonOperator }) =>
        TreatMissingData !== "notBreaching" || ComparisonOperator !== "GreaterThanOrEqualToThreshold",
    );
    expect(others.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      "Enrichline-prod/Api/Unreachable",
      "Enrichline-prod/DeliverWebhooks/NotRunning",
      "Enrichline-prod/DispatchBatches/NotRunning",
      "Enrichline-prod/HandleDeadLetters/NotRunning",
      "Enrichline-prod/LiveConnections/NotRunning",
      "Enrichline-prod/MainLine/SuccessRate",
      "Enrichline-prod/MainLine/SuccessRateAnomaly",
      "Enrichline-prod/PlanRefresh/NotRunning",
      "Enrichline-prod/Reconcile/NotRunning",
      "Enrichline-prod/SweepExpired/NotRunning",
      "Enrichline-prod/SweepStaging/NotRunning",
    ]);
  });

  it.each(["DispatchBatches", "SweepExpired"])("of %s rings when it was not called for five minutes", (component) => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: `Enrichline-prod/${component}/NotRunning`,
      MetricName: "Invocations",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 5,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
    });
  });

  it("of reconcile rings when no pass of it got as far as to its figures: a call that fails is a call", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/Reconcile/NotRunning",
      ...{ Namespace: "Enrichline", MetricName: "ServableProducts", Statistic: "SampleCount" },
      ...{ Period: 60, EvaluationPeriods: 5, Threshold: 1 },
      ...{ ComparisonOperator: "LessThanThreshold", TreatMissingData: "breaching" },
    });
  });

  it("of what is asked from outside rings when Route 53 found nothing healthy for three minutes, or said nothing", () => {
    const [[id, check] = []] = resourcesOf(Monitoring, "AWS::Route53::HealthCheck");
    expect(check?.Properties.HealthCheckConfig).toEqual({
      ...{ Type: "HTTPS", Port: 443, EnableSNI: true, ResourcePath: "/api/v1/health" },
      FullyQualifiedDomainName: {
        "Fn::Join": ["", [expect.anything(), ".execute-api.us-east-1.", { Ref: "AWS::URLSuffix" }]],
      },
      ...{ Inverted: false, MeasureLatency: false },
      ...{ RequestInterval: 30, FailureThreshold: 3, Regions: ["us-east-1", "eu-west-1", "ap-southeast-1"] },
    });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/Api/Unreachable",
      ...{ Namespace: "AWS/Route53", MetricName: "HealthCheckStatus", Statistic: "Minimum", Period: 60 },
      Dimensions: [{ Name: "HealthCheckId", Value: { Ref: id } }],
      ...{ EvaluationPeriods: 3, Threshold: 1 },
      ...{ ComparisonOperator: "LessThanThreshold", TreatMissingData: "breaching" },
    });
    for (const name of STAGES) {
      const { templates } = synthesizedStage(name);
      expect(resourcesOf(templates.Monitoring, "AWS::Route53::HealthCheck").size, name).toBe(0);
    }
  });

  it("of a refused account rings on until the next trial, which comes after 15 minutes", () => {
    for (const condition of ["CriticalUpstreamError", "CriticalWithoutFallback"]) {
      Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
        AlarmName: `Enrichline-prod/MainLine/${condition}/creators-api`,
        MetricName: condition,
        ...{ Period: 300, EvaluationPeriods: 4, DatapointsToAlarm: 1, Threshold: 1 },
      });
    }
  });

  it("of a standstill rings after half an hour without a finished product while some could be worked on", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/MainLine/NoProgress",
      EvaluationPeriods: 6,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "IF(FILL(servable, 0) > 0 AND FILL(ended, 0) == 0, 1, 0)" }),
        Match.objectLike({ Id: "servable", MetricStat: Match.objectLike({ Period: 300, Stat: "Minimum" }) }),
        Match.objectLike({ Id: "ended", MetricStat: Match.objectLike({ Period: 300, Stat: "Sum" }) }),
      ]),
    });
  });

  it("of the success rate follows the stage's setting", () => {
    const alarm = (Threshold: number) => ({
      AlarmName: "Enrichline-prod/MainLine/SuccessRate",
      ComparisonOperator: "LessThanThreshold",
      EvaluationPeriods: 3,
      Threshold,
    });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", alarm(0.8));
    const settings = { alarms: { success_rate: 0.5 } };
    templatesOf(buildStage("prod", { settings })).Monitoring.hasResourceProperties(
      "AWS::CloudWatch::Alarm",
      alarm(0.5),
    );
  });

  it("of what is unusual about the success rate is there where the stage names the width of its band, and else nowhere", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/MainLine/SuccessRateAnomaly",
      AlarmDescription: Match.stringLikeRegexp("is below its usual band, 2 standard deviations wide"),
      ComparisonOperator: "LessThanLowerThreshold",
      ThresholdMetricId: "expr_1",
      EvaluationPeriods: 3,
      Threshold: Match.absent(),
      Metrics: Match.arrayWith([
        Match.objectLike({ Id: "expr_1", Expression: "ANOMALY_DETECTION_BAND(m0, 2)", ReturnData: true }),
        Match.objectLike({ Id: "m0", ReturnData: true }),
        Match.objectLike({ Id: "requests", ReturnData: false }),
      ]),
    });
    for (const name of STAGES) {
      const text = JSON.stringify(synthesizedStage(name).templates.Monitoring.toJSON());
      expect(text.includes("ANOMALY_DETECTION_BAND"), name).toBe(false);
    }
    expect(() => buildStage("prod", { settings: { alarms: { success_rate_band: 0 } } })).toThrow(/success_rate_band/);
  });

  it("that a group speaks for wakes nobody by itself: the group does, once", () => {
    const composite = [...resourcesOf(Monitoring, "AWS::CloudWatch::CompositeAlarm").values()];
    expect(composite.map(({ Properties }) => Properties.AlarmName)).toEqual(
      groups.map(({ id }) => `Enrichline-prod/${id}`),
    );
    const members = ["DispatchBatches/NotRunning", "Reconcile/NotRunning", "SweepExpired/NotRunning"];
    expect(groups.map((group) => group.members.map(alarmName))).toEqual([members]);
    expect(entries.filter(({ id }) => members.includes(id)).map(({ severity }) => severity)).toEqual(
      members.map(() => "notice"),
    );
    const [rule] = composite.map(({ Properties }) => JSON.stringify(Properties.AlarmRule));
    expect(rule?.match(/ALARM\(/g)).toHaveLength(3);
    expect(rule?.match(/ OR /g)).toHaveLength(2);
    expect(composite[0]?.Properties.AlarmDescription).toMatch(
      /^\[page\] .+DispatchBatches.+docs\/runbook\.md#schedulesstandingstill$/,
    );
  });

  it("is one that CloudWatch takes", () => {
    const DescribedSchema = z.looseObject({
      ...{ AlarmName: z.string().max(255), AlarmDescription: z.string().max(1_024), EvaluationPeriods: z.number() },
      Period: z.number().default(300),
      Metrics: z.array(z.looseObject({ Expression: z.string().optional() })).default([]),
    });
    for (const properties of deployed) {
      const { AlarmName, EvaluationPeriods, Period, Metrics } = DescribedSchema.parse(properties);
      // At most a day back, ten metrics, and no search.
      expect(EvaluationPeriods * Period, AlarmName).toBeLessThanOrEqual(86_400);
      expect(Metrics.filter(({ Expression }) => !Expression).length, AlarmName).toBeLessThanOrEqual(10);
      expect(JSON.stringify(Metrics), AlarmName).not.toContain("SEARCH(");
    }
  });

  it("of a DLQ rings at the first message that lies there, or was taken out of it and waits for a person", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/EnrichQueue/DlqNotEmpty",
      Threshold: 1,
      EvaluationPeriods: 1,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "FILL(messages, 0) + FILL(letters, 0)" }),
        Match.objectLike({
          Id: "messages",
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ MetricName: "ApproximateNumberOfMessagesVisible" }),
            ...{ Period: 60, Stat: "Maximum" },
          }),
        }),
        Match.objectLike({
          Id: "letters",
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({ Namespace: "Enrichline", MetricName: "OpenDeadLetters" }),
            ...{ Period: 60, Stat: "Maximum" },
          }),
        }),
      ]),
    });
  });

  it("of queue depth stays above twice the dispatch window", () => {
    const sources = [{ id: "creators-api", calls_per_second: 50 }];
    const fast = templatesOf(buildStage("prod", { settings: { sources } })).Monitoring;
    fast.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/EnrichQueue/Depth",
      Threshold: 750,
    });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/EnrichQueue/Depth",
      Threshold: 100,
    });
  });

  it("of duration rings at 80 % of the timeout, and after ten minutes at the latest", () => {
    const duration = (Threshold: number) => ({ AlarmName: "Enrichline-prod/EnrichBatch/Duration", Threshold });
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", duration(120_000));
    const settings = { function_timeout_seconds: 900 };
    templatesOf(buildStage("prod", { settings })).Monitoring.hasResourceProperties(
      "AWS::CloudWatch::Alarm",
      duration(600_000),
    );
  });
});

describe("alarms of stage local", () => {
  it("name one metric each, because the emulator refuses any other; a metric with a label counts as math", () => {
    const alarms = [...resourcesOf(synthesizedStage("local").templates.Monitoring, "AWS::CloudWatch::Alarm").values()];
    expect(alarms.length).toBeGreaterThan(20);
    expect(alarms.filter(({ Properties }) => "Metrics" in Properties)).toEqual([]);
  });
});

describe("the alarm registry", () => {
  const entry = {
    id: "Thing/Broken",
    severity: "page" as const,
    metric: new Metric({ namespace: "Test", metricName: "Broken" }),
    threshold: 1,
    impact: "Nobody is served.",
    runbook: runbookSection("Thing/Broken"),
  };

  it("takes an id once for each of several alike", () => {
    const alarms = new AlarmRegistry();
    for (const of of ["keepa", "paapi"]) alarms.add({ ...entry, of });
    expect(() => alarms.add({ ...entry, of: "keepa" })).toThrow(/"Thing\/Broken\/keepa" is taken/);
    expect(alarms.entries.map(alarmName)).toEqual(["Thing/Broken/keepa", "Thing/Broken/paapi"]);
  });

  it("takes groups of alarms, and refuses one without members and members without one", () => {
    const alarms = new AlarmRegistry();
    const group = { ...entry, id: "Things/Broken", runbook: runbookSection("Things/Broken") };
    alarms.addGroup(group);
    expect(() => alarms.groups).toThrow(/"Things\/Broken" has no members/);
    alarms.add({ ...entry, group: "Things/Broken" });
    expect(alarms.groups).toMatchObject([{ id: "Things/Broken", members: [{ id: "Thing/Broken" }] }]);
    expect(() => alarms.addGroup(group)).toThrow(/is taken/);
    alarms.add({ ...entry, of: "keepa", group: "Others/Broken" });
    expect(() => alarms.groups).toThrow(/names the group Others\/Broken/);
  });

  it("refuses an id twice, a malformed id, and the address of another section", () => {
    const alarms = new AlarmRegistry();
    alarms.add(entry);
    expect(() => alarms.add(entry)).toThrow(/is taken/);
    expect(() => alarms.add({ ...entry, id: "broken" })).toThrow(/<Component>\/<Condition>/);
    expect(() => alarms.add({ ...entry, id: "Other/Broken" })).toThrow(/must point to docs\/runbook.md#otherbroken/);
    expect(alarms.entries).toEqual([entry]);
  });
});
