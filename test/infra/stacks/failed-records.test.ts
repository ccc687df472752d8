import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import { METRICS } from "../../../lambdas/common/core/metric-names.ts";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";
import { buildStage, type StageApp } from "../stage/synth-stage.ts";

const LAMBDAS = join(REPOSITORY_ROOT, "lambdas");

/** The rooms whose failed records alarms of a stage count. */
const watched = ({ alarms }: Pick<StageApp, "alarms">): string[] =>
  alarms.entries
    .flatMap(({ metric }) => (metric instanceof MathExpression ? Object.values(metric.usingMetrics) : [metric]))
    .flatMap((metric) =>
      metric instanceof Metric && metric.metricName === METRICS.RECORD_FAILED
        ? [String(metric.dimensions?.service)]
        : [],
    )
    .sort();

describe("records that come back", () => {
  it("are watched by an alarm for every room that takes them from a queue", () => {
    const rooms = globSync("*/handler.ts", { cwd: LAMBDAS })
      .filter((file) => readFileSync(join(LAMBDAS, file), "utf8").includes("createBatchHandler("))
      .map(dirname);
    expect(rooms.length).toBeGreaterThanOrEqual(7);
    expect(watched(buildStage("prod", { settings: { downstream_events: true } }))).toEqual(rooms.sort());
  });

  it("are watched for no room that the stage does not have", () => {
    const settings = { webhooks: false, daily_refresh: false, shop_line: false, shop_topic: false };
    expect(watched(buildStage("prod", { settings }))).toEqual([
      ...["accept-requests", "enrich-batch", "export-catalog", "ingest-catalog"],
    ]);
  });
});
