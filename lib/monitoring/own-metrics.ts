import { Duration } from "aws-cdk-lib";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { DIMENSIONS, METRIC_NAMESPACE, type METRICS, type MetricName } from "../../lambdas/common/core/metric-names.ts";
import type { StageConfig } from "../config/load-settings.ts";

/** Period of every metric of our own. */
export const OWN_PERIOD = Duration.minutes(5);

/** The rooms that read messages, and so count records. */
const CONSUMERS = ["enrich-batch", "ingest-catalog", "export-catalog"] as const;

type OfStage = Pick<StageConfig, "stage">;

export interface OwnMetricProps {
  readonly config: OfStage;
  /** Room of the function that counts it; both `enrich-batch` functions are one. */
  readonly service: string;
  /** @default none besides `service` and `stage` */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** @default "Sum" */
  readonly statistic?: "Sum" | "Maximum";
  readonly label?: string;
}

/** A metric that our functions count themselves, with the dimensions `service` and `stage` that they all carry. */
export const ownMetric = (
  metricName: MetricName,
  { config, service, dimensions, statistic, label }: OwnMetricProps,
): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service, [DIMENSIONS.STAGE]: config.stage, ...dimensions },
    statistic: statistic ?? "Sum",
    period: OWN_PERIOD,
    ...(label === undefined ? {} : { label }),
  });

/** What consumers count about records, by consumer. */
export const recordMetrics = (
  name: typeof METRICS.RECORD_FAILED | typeof METRICS.RECORD_INVALID,
  config: OfStage,
): Metric[] => CONSUMERS.map((service) => ownMetric(name, { config, service, label: `${service} ${name}` }));

/** What `enrich-batch` knows of each source of the stage. */
export const sourceMetrics = (
  name: MetricName,
  config: Pick<StageConfig, "stage" | "sources">,
  statistic: "Sum" | "Maximum",
): Metric[] =>
  config.sources.map(({ id }) =>
    ownMetric(name, { config, service: "enrich-batch", dimensions: { [DIMENSIONS.SOURCE]: id }, statistic, label: id }),
  );

/** Several metrics as one; where one has no value it counts as 0, because no value is written when nothing happened. */
export const combined = (how: "sum" | "maximum", label: string, metrics: readonly Metric[]): MathExpression => {
  const filled = metrics.map((_, index) => `FILL(m${index}, 0)`);
  return new MathExpression({
    expression: how === "sum" ? filled.join(" + ") : `MAX([${filled.join(", ")}])`,
    label,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    period: OWN_PERIOD,
  });
};
