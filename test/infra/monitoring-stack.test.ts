import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { METRICS } from "../../lambdas/common/core/metric-names.ts";
import { STAGES, type Stage } from "../../lib/config/stages.ts";
import { AlarmRegistry, runbookSection } from "../../lib/monitoring/alarm-registry.ts";
import { resourcesOf } from "./resources.ts";
import { buildStage, synthesizedStage, templatesOf } from "./synth-stage.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const stage = synthesizedStage("prod");
const { Monitoring } = stage.templates;
const { entries } = stage.alarms;

const PAGES = [
  "Api/ServerErrors",
  "DispatchBatches/NotRunning",
  "EnrichExpressQueue/DlqNotEmpty",
  "EnrichQueue/DlqNotEmpty",
  "ExportsQueue/DlqNotEmpty",
  "IngestQueue/DlqNotEmpty",
  "MainLine/CriticalUpstreamError",
  "MainLine/NoProgress",
  "MainLine/StuckWork",
  "Reconcile/NotRunning",
];
const NOTICES = [
  "Api/LatencyP99",
  ...["MainLine/BreakerOpen", "MainLine/QuotaUsed", "MainLine/RecordFailed", "MainLine/SuccessRate"],
  ...[
    "CatalogsApi",
    "DispatchBatches",
    "EnrichBatch",
    "EnrichExpress",
    "ExportCatalog",
    "IngestCatalog",
    "OperationsApi",
    "Reconcile",
  ].flatMap((name) => ["Duration", "Errors", "Throttles"].map((condition) => `${name}/${condition}`)),
  ...["EnrichExpressQueue", "EnrichQueue", "ExportsQueue", "IngestQueue"].flatMap((name) => [
    `${name}/Depth`,
    `${name}/OldestMessage`,
  ]),
  ...["EnrichmentStatus", "Failures", "Operations", "Products", "UpstreamLimits"].map(
    (name) => `${name}Table/Throttled`,
  ),
];
const ids = (severity: string) =>
  entries
    .filter((entry) => entry.severity === severity)
    .map(({ id }) => id)
    .sort();

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
    expect(names.sort()).toEqual(entries.map(({ id }) => `Enrichline-prod/${id}`).sort());
  });

  it("has a runbook section for every alarm, each with its four parts, and no section without an alarm", () => {
    const text = readFileSync(join(ROOT, "docs", "runbook.md"), "utf8");
    // The first part of the runbook holds the procedures that several alarms share.
    const [, alarms = ""] = text.split(/^# Alarms$/m);
    const sections = alarms.split(/^## /m).slice(1);
    expect(sections.map((section) => section.split("\n")[0]).sort()).toEqual(entries.map(({ id }) => id).sort());
    for (const section of sections) {
      const parts = section.match(/^### .*$/gm);
      expect(parts, section.split("\n")[0]).toEqual([
        "### Description",
        "### Investigation",
        "### Resolution",
        "### Redrive",
      ]);
      expect(section.match(/^[*_](page|notice)[*_]$/m)?.[1]).toBe(
        entries.find(({ id }) => id === section.split("\n")[0])?.severity,
      );
    }
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

  it("rings at its threshold and stays quiet without data, but for those that ring below it or for want of calls", () => {
    const others = deployed.filter(
      ({ TreatMissingData, ComparisonOperator }) =>
        TreatMissingData !== "notBreaching" || ComparisonOperator !== "GreaterThanOrEqualToThreshold",
    );
    expect(others.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      "Enrichline-prod/DispatchBatches/NotRunning",
      "Enrichline-prod/MainLine/SuccessRate",
      "Enrichline-prod/Reconcile/NotRunning",
    ]);
  });

  it.each(["DispatchBatches", "Reconcile"])("of %s rings when it was not called for five minutes", (component) => {
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

  it("of a DLQ rings at the first message that lies there", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "Enrichline-prod/EnrichQueue/DlqNotEmpty",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Statistic: "Maximum",
      Threshold: 1,
      EvaluationPeriods: 1,
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

/** The text of the dashboard; what only a deploy knows reads `?`. */
const dashboardText = (): string => {
  const [board] = resourcesOf(Monitoring, "AWS::CloudWatch::Dashboard").values();
  const BodySchema = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) });
  const [, parts] = BodySchema.parse(board?.Properties.DashboardBody)["Fn::Join"];
  return parts.map((part) => (typeof part === "string" ? part : "?")).join("");
};

/** What `["Enrichline", <name>, <dimension>, <value>, …, {…}]` of a widget shows. */
const shownMetric = (entry: unknown): OwnMetric[] => {
  if (!Array.isArray(entry) || entry[0] !== "Enrichline") return [];
  const [, metricName, ...pairs] = entry.filter((part): part is string => typeof part === "string");
  const dimensions = Object.fromEntries(
    pairs.flatMap((name, index) => (index % 2 === 0 ? [[name, pairs[index + 1]]] : [])),
  );
  return [{ metricName: metricName ?? "", dimensions }];
};

interface OwnMetric {
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

describe("a metric of our own", () => {
  const WidgetsSchema = z.object({
    widgets: z.array(z.object({ properties: z.object({ metrics: z.array(z.unknown()).default([]) }) })),
  });
  const shown = WidgetsSchema.parse(JSON.parse(dashboardText())).widgets.flatMap(({ properties }) =>
    properties.metrics.flatMap(shownMetric),
  );
  const watched = entries
    .flatMap(({ metric }) => (metric instanceof MathExpression ? Object.values(metric.usingMetrics) : [metric]))
    .filter((metric): metric is Metric => metric instanceof Metric && metric.namespace === "Enrichline")
    .map(({ metricName, dimensions }): OwnMetric => ({ metricName, dimensions: dimensions ?? {} }));

  const codeOf = (folder: string): string[] => {
    const room = join(ROOT, "lambdas", folder);
    return globSync("**/*.ts", { cwd: room }).map((file) => readFileSync(join(room, file), "utf8"));
  };

  it("that an alarm or a widget names is counted by the function whose name it carries, with the same dimensions", () => {
    const namesOf = (metrics: readonly OwnMetric[]) => new Set(metrics.map(({ metricName }) => metricName));
    expect(namesOf(watched).size).toBeGreaterThanOrEqual(8);
    expect(namesOf(shown).size).toBeGreaterThanOrEqual(7);
    for (const { metricName, dimensions } of [...watched, ...shown]) {
      const [key] = Object.entries(METRICS).find(([, name]) => name === metricName) ?? [];
      const { service, stage: ofStage, ...others } = dimensions;
      expect(ofStage, metricName).toBe("prod");
      const ofRoom = codeOf(String(service));
      // What every consumer of a queue counts, their common handler counts for them.
      const code = ofRoom.some((text) => text.includes("createBatchHandler("))
        ? [...ofRoom, ...codeOf("common/platform/sqs")]
        : ofRoom;
      const counted = code.flatMap(
        (text) => text.match(new RegExp(`meter\\.\\w+\\(METRICS\\.${key}\\b[^;]*`, "g")) ?? [],
      );
      expect(counted.length, `${metricName} in ${service}`).toBeGreaterThan(0);
      for (const name of Object.keys(others)) {
        expect(
          counted.some((call) => call.includes(name) || call.includes("dimensions")),
          `${metricName} by ${name}`,
        ).toBe(true);
      }
    }
  });

  it("about sources is there for every source of the stage, and on the dashboard", () => {
    for (const name of ["QuotaUsedShare", "BreakerOpen"]) {
      const sourcesIn = (metrics: readonly OwnMetric[]) =>
        metrics.filter(({ metricName }) => metricName === name).map(({ dimensions }) => dimensions.source);
      const ids = stage.config.sources.map(({ id }) => id);
      expect([sourcesIn(watched), sourcesIn(shown)]).toEqual([ids, ids]);
    }
  });

  it("about records that came back is summed over every consumer, and on the dashboard", () => {
    const services = watched
      .filter(({ metricName }) => metricName === "RecordFailed")
      .map(({ dimensions }) => dimensions.service);
    expect(services).toEqual(["enrich-batch", "ingest-catalog", "export-catalog"]);
    const { Threshold } = z
      .object({ Threshold: z.number() })
      .parse(
        [...resourcesOf(Monitoring, "AWS::CloudWatch::Alarm").values()].find(
          ({ Properties }) => Properties.AlarmName === "Enrichline-prod/MainLine/RecordFailed",
        )?.Properties,
      );
    expect(Threshold).toBe(20);
    const names = shown.map(({ metricName }) => metricName);
    for (const name of ["RecordFailed", "RecordInvalid"]) expect(names).toContain(name);
  });
});

describe("who is told", () => {
  it("is reached through encrypted topics that CloudWatch may use", () => {
    Monitoring.allResourcesProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
    Monitoring.resourceCountIs("AWS::SNS::Topic", 2);
    Monitoring.hasResourceProperties("AWS::KMS::Key", {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          }),
        ]),
      },
    });
  });

  it("is the stage's e-mail address", () => {
    Monitoring.resourceCountIs("AWS::SNS::Subscription", 2);
    Monitoring.allResourcesProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" });
  });

  it("is warned about where the stage names nobody, but on local", () => {
    const warnings = (name: Stage, settings = {}) =>
      Annotations.fromStack(buildStage(name, { settings }).monitoring)
        .findWarning("*", Match.stringLikeRegexp('Nobody is notified of alarms: add "alarm_email"'))
        .map(({ id }) => id);
    expect(STAGES.filter((name) => warnings(name).length > 0)).toEqual(["dev", "staging"]);
    expect(warnings("dev", { alarm_email: "ops@example.com" })).toEqual([]);
  });

  it("learns of the alarms of this account only", () => {
    const ofAccount = { Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } } };
    const ofCloudWatch = Match.objectLike({ Principal: { Service: "cloudwatch.amazonaws.com" }, ...ofAccount });
    const withStatement = { PolicyDocument: { Statement: Match.arrayWith([ofCloudWatch]) } };
    Monitoring.allResourcesProperties("AWS::SNS::TopicPolicy", withStatement);
    Monitoring.allResourcesProperties("AWS::KMS::Key", { KeyPolicy: withStatement.PolicyDocument });
  });
});

describe("the dashboard", () => {
  it("carries the stage's name and a section for every part", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Dashboard", { DashboardName: "Enrichline-prod" });
    const body = dashboardText();
    for (const heading of ["alarms", "API", "Queues", "Main line", "Functions", "Tables"])
      expect(body).toContain(`## ${heading === "alarms" ? "Enrichline prod: alarms" : heading}`);
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

  it("refuses an id twice, a malformed id, and the address of another section", () => {
    const alarms = new AlarmRegistry();
    alarms.add(entry);
    expect(() => alarms.add(entry)).toThrow(/is taken/);
    expect(() => alarms.add({ ...entry, id: "broken" })).toThrow(/<Component>\/<Condition>/);
    expect(() => alarms.add({ ...entry, id: "Other/Broken" })).toThrow(/must point to docs\/runbook.md#otherbroken/);
    expect(alarms.entries).toEqual([entry]);
  });
});
