import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { METRICS, SOURCES } from "../../lambdas/common/core/metric-names.ts";
import type { Stage } from "../../lib/config/stages.ts";
import { resourcesOf } from "./stage/resources.ts";
import { buildStage, STAGES, synthesizedStage, templatesOf } from "./stage/synth-stage.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const stage = synthesizedStage("prod");
const { Monitoring } = stage.templates;
const { entries } = stage.alarms;

/** The text of the dashboard; what only a deploy knows reads `?`. */
const dashboardText = (template = Monitoring): string => {
  const [board] = resourcesOf(template, "AWS::CloudWatch::Dashboard").values();
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
      // What every caller of a source counts, one piece counts for them; `source-callers.test.ts` holds the callers to it.
      const ofRoom = codeOf(service === SOURCES ? "common/services/enrich" : String(service));
      // What every consumer of a queue counts, their common handler counts for them.
      const consumes = ofRoom.some((text) => text.includes("createBatchHandler("));
      // What every publisher counts, the bus counts for them.
      const publishes = ofRoom.some((text) => text.includes("new EventBus("));
      // What every function counts that its schedule shares with others, one piece counts for them.
      const shares = ofRoom.some((text) => text.includes("countScheduledCall("));
      const code = [
        ...ofRoom,
        ...(shares ? codeOf("common/platform").filter((text) => text.includes("const countScheduledCall =")) : []),
        ...(consumes ? codeOf("common/platform/sqs") : []),
        ...(publishes ? codeOf("common/adapters/events") : []),
      ];
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
    // The shop line has an alarm of its own.
    expect(services).toEqual([
      "enrich-batch",
      "ingest-catalog",
      "export-catalog",
      "refresh-products",
      "accept-requests",
      "deliver-webhooks",
      "assemble-product",
    ]);
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

describe("webhooks", () => {
  const bodyOf = (text: string) =>
    ["WebhooksDelivered", "WebhookAttemptsFailed", "WebhooksSwitchedOff"].map((name) => text.includes(name));

  it("have their deliveries on the dashboard where the stage has them, and else nothing", () => {
    expect(bodyOf(dashboardText())).toEqual([true, true, true]);
    const without = templatesOf(buildStage("prod", { settings: { webhooks: false } })).Monitoring;
    expect(bodyOf(dashboardText(without))).toEqual([false, false, false]);
  });
});

describe("who is notified", () => {
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
