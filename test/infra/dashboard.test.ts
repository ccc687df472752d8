import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { DISPATCH, METRICS, SOURCES } from "../../lambdas/common/core/metric-names.ts";
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
      // What all that dispatch count of products, one piece counts for them; `end-refused-batch.test.ts` holds it to that.
      const shared = { [SOURCES]: "common/services/enrich", [DISPATCH]: "common/services/dispatch" };
      const ofRoom = codeOf(service === SOURCES || service === DISPATCH ? shared[service] : String(service));
      // What every consumer of a queue counts, their common handler counts for them.
      const consumes = ofRoom.some((text) => text.includes("createBatchHandler("));
      // What every publisher counts, the bus counts for them.
      const publishes = ofRoom.some((text) => text.includes("new EventBus("));
      // What every function counts that its schedule shares with others, one piece counts for them.
      const shares = ofRoom.some((text) => text.includes("countScheduledCall("));
      // What every function counts that closes runs or ends products, one piece counts for them.
      const closes = ofRoom.some((text) => /count(?:RunCost|Outcomes)\(/.test(text));
      const code = [
        ...ofRoom,
        ...(closes ? codeOf("common/services/lifecycle") : []),
        ...(shares ? codeOf("common/platform").filter((text) => text.includes("const countScheduledCall =")) : []),
        ...(consumes ? codeOf("common/platform/sqs") : []),
        ...(publishes ? codeOf("common/adapters/events") : []),
      ];
      const counted = code.flatMap(
        (text) => text.match(new RegExp(`meter\\.\\w+\\(METRICS\\.${key}\\b[^;]*`, "g")) ?? [],
      );
      expect(counted.length, `${metricName} in ${service}`).toBeGreaterThan(0);
      // With no more dimensions than those: a metric with others is another one.
      if (Object.keys(others).length === 0) {
        expect(
          counted.some((call) => !/\{\s*\w|dimensions/.test(call)),
          `${metricName} in ${service} without others`,
        ).toBe(true);
      }
      for (const name of Object.keys(others)) {
        expect(
          counted.some((call) => call.includes(name) || call.includes("dimensions")),
          `${metricName} by ${name}`,
        ).toBe(true);
      }
    }
  });

  it("that is counted is watched or shown, because each costs money", () => {
    const seen = new Set([...watched, ...shown].map(({ metricName }) => metricName));
    // For people who search; nobody acts on how many there are.
    const unseen = ["RecordDuplicate", "RequestsAccepted"];
    expect(Object.values(METRICS).filter((name) => !seen.has(name) && !dashboardText().includes(name))).toEqual(unseen);
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
  const WidgetSchema = z.object({
    ...{ type: z.string(), x: z.number(), y: z.number(), width: z.number(), height: z.number() },
    properties: z.looseObject({
      title: z.string().optional(),
      metrics: z.array(z.unknown()).default([]),
      alarms: z.array(z.unknown()).default([]),
    }),
  });
  const widgetsOf = (template = Monitoring) =>
    z.object({ widgets: z.array(WidgetSchema) }).parse(JSON.parse(dashboardText(template))).widgets;
  const widgets = widgetsOf();
  const titles = (shown = widgets) =>
    shown.toSorted((a, b) => a.y - b.y || a.x - b.x).flatMap(({ properties: { title } }) => title ?? []);

  /** What the operator looks at, in this order; other widgets stand in between. */
  const ORDER = [
    ...["Pages", "Request rate, a minute", "Success rate, in all and by region", "Failed products, by code"],
    ...["Time for a product, p95 by region", "Queue depth, with delayed and in flight", "Sent and received"],
    ...["Invocations", "Errors and throttles", "Duration, p95", "Quota left of the day, percent by source"],
    ...["Breaker open, by source", "Sources: calls by outcome", "Events and assemblies", "WebSocket connections"],
    ...["Table capacity: read units", "Table capacity: write units"],
  ];

  it("carries the stage's name, and shows things in the order in which one looks", () => {
    Monitoring.hasResourceProperties("AWS::CloudWatch::Dashboard", { DashboardName: "Enrichline-prod" });
    expect(titles().filter((title) => ORDER.includes(title))).toEqual(ORDER);
    expect(new Set(titles()).size).toBe(titles().length);
  });

  it.each(STAGES)("of stage %s lays no widget over another one, and none beside the page", (name) => {
    const taken = new Set<string>();
    for (const { x, y, width, height, properties } of widgetsOf(synthesizedStage(name).templates.Monitoring)) {
      expect([x + width <= 24, Number.isInteger(width), Number.isInteger(x)], properties.title).toEqual([
        true,
        true,
        true,
      ]);
      for (let column = x; column < x + width; column += 1) {
        for (let line = y; line < y + height; line += 1) {
          expect(taken.has(`${column} ${line}`), `${properties.title} at ${column}, ${line}`).toBe(false);
          taken.add(`${column} ${line}`);
        }
      }
    }
  });

  it("shows every function, table and queue that is read, and every alarm, within what CloudWatch takes", () => {
    const metricsOf = (title: string) =>
      widgets.find(({ properties }) => properties.title === title)?.properties.metrics;
    const countOf = (type: string) =>
      Object.values(stage.templates).reduce((sum, template) => sum + resourcesOf(template, type).size, 0);
    expect(metricsOf("Invocations")).toHaveLength(countOf("AWS::Lambda::Function"));
    expect(metricsOf("Table capacity: write units")).toHaveLength(countOf("AWS::DynamoDB::Table"));
    const depths = entries.filter(({ id }) => id.endsWith("Queue/Depth"));
    expect(metricsOf("Queue depth: messages waiting")).toHaveLength(depths.length);
    const ringing = widgets.map(({ properties }) => properties.alarms.length).filter((count) => count > 0);
    expect(ringing.reduce((sum, count) => sum + count)).toBe(entries.length + stage.alarms.groups.length);
    // A widget takes 100 alarms and 500 metrics, a dashboard 500 widgets and 2,500 metrics.
    expect(Math.max(...ringing)).toBeLessThanOrEqual(100);
    const metrics = widgets.map(({ properties }) => properties.metrics.length);
    expect(Math.max(...metrics)).toBeLessThanOrEqual(500);
    expect(metrics.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(2_500);
    expect(widgets.length).toBeLessThanOrEqual(500);
  });

  it("has the shop line and webhooks where the stage has them", () => {
    const settings = { shop_line: false, webhooks: false };
    const without = titles(widgetsOf(templatesOf(buildStage("prod", { settings })).Monitoring));
    expect(titles().filter((title) => !without.includes(title))).toEqual([
      ...["Events and assemblies", "Messages that came back or cannot be read", "Orphans of the hour"],
      ...["Attempts", "Webhook messages that came back or cannot be read"],
    ]);
  });
});
