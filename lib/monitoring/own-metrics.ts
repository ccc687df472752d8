import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import {
  CALL_OUTCOMES,
  DIMENSIONS,
  DISPATCH,
  GAUGED_QUEUES,
  METRIC_NAMESPACE,
  METRICS,
  type MetricName,
  ofSource,
} from "../../lambdas/common/core/metric-names.ts";
import type { RegionGroup } from "../../lambdas/common/core/products/marketplaces.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { StageConfig } from "../config/load-settings.ts";

/** Period of every metric of our own. */
export const OWN_PERIOD = Duration.minutes(5);

/** The rooms that read messages, and so count records; `assemble-product` has an alarm of its own. */
const consumersOf = ({ daily_refresh, downstream_events, event_requests, webhooks }: Consuming): readonly string[] => [
  ...["enrich-batch", "ingest-catalog", "export-catalog"],
  ...(daily_refresh ? ["refresh-products"] : []),
  ...(event_requests ? ["accept-requests"] : []),
  ...(downstream_events ? ["react-to-outcomes"] : []),
  ...(webhooks ? ["deliver-webhooks"] : []),
];

type OfStage = Pick<StageConfig, "stage">;
type Consuming = Pick<StageConfig, "stage" | "daily_refresh" | "downstream_events" | "event_requests" | "webhooks">;

type Dimensions = Readonly<Record<string, string>>;

export interface OwnMetricProps {
  readonly config: OfStage;
  /** Room of the function that counts it; both `enrich-batch` functions are one. */
  readonly service: string;
  /** @default none besides `service` and `stage` */
  readonly dimensions?: Dimensions;
  /** @default "Sum" */
  readonly statistic?: "Sum" | "Average" | "Maximum" | "Minimum" | "SampleCount" | "p95";
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
  config: Consuming,
): Metric[] => consumersOf(config).map((service) => ownMetric(name, { config, service, label: `${service} ${name}` }));

/** What is known of each source of the stage, from all functions that call it. An alarm on a metric with a label is one on metric math, which the emulator refuses. */
export const sourceMetrics = (
  name: MetricName,
  config: Pick<StageConfig, "stage" | "sources">,
  statistic: "Sum" | "Maximum",
): { readonly id: SourceId; readonly metric: Metric }[] =>
  config.sources.map(({ id }) => {
    const { service = "", ...dimensions } = ofSource(id);
    return { id, metric: ownMetric(name, { config, service, dimensions, statistic }) };
  });

/** What is left of each source's day, percent; nothing for a source without a daily limit. */
export const quotaLeft = (config: Pick<StageConfig, "stage" | "sources">): MathExpression[] =>
  sourceMetrics(METRICS.QUOTA_USED_SHARE, config, "Maximum").map(
    ({ id, metric }, index) =>
      new MathExpression({
        expression: `100 * (1 - used${index})`,
        // Each id is used once in a graph.
        usingMetrics: { [`used${index}`]: metric },
        label: id,
        period: OWN_PERIOD,
      }),
  );

/** Calls of each source by how they ended. */
export const sourceCalls = (config: Pick<StageConfig, "stage" | "sources">): Metric[] =>
  config.sources.flatMap(({ id }) =>
    CALL_OUTCOMES.map((outcome) => {
      const { service = "", ...dimensions } = { ...ofSource(id), [DIMENSIONS.OUTCOME]: outcome };
      return ownMetric(METRICS.UPSTREAM_CALLS, { config, service, dimensions, label: `${id}: ${outcome}` });
    }),
  );

/** Messages in the queues of the main line, whether they wait, are delayed or are in flight. */
export const queueDepths = (config: OfStage): Metric[] =>
  GAUGED_QUEUES.map((queue) =>
    ownMetric(METRICS.QUEUE_DEPTH, {
      ...{ config, service: "reconcile", dimensions: { [DIMENSIONS.QUEUE]: queue } },
      ...{ statistic: "Maximum", label: queue },
    }),
  );

const productsEnded = (name: MetricName, config: OfStage, dimensions: Dimensions = {}): Metric =>
  ownMetric(name, { config, service: "enrich-batch", dimensions });

/** Products that ended without work on them: their batch made no progress, or its row was refused at dispatch. */
const productsGivenUp = (config: OfStage, dimensions: Dimensions = {}): Metric[] =>
  ["reconcile", DISPATCH].map((service) => ownMetric(METRICS.ENRICHMENT_FAILURES, { config, service, dimensions }));

/** Products that ended, by how: as users see it, those that were given up among the failed ones. */
export const productsDone = (config: OfStage): IMetric[] => [
  ownMetric(METRICS.ENRICHMENT_SUCCESSES, {
    ...{ config, service: "enrich-batch", label: METRICS.ENRICHMENT_SUCCESSES },
  }),
  summed(METRICS.ENRICHMENT_FAILURES, [productsEnded(METRICS.ENRICHMENT_FAILURES, config), ...productsGivenUp(config)]),
  ownMetric(METRICS.CACHE_HITS, { config, service: "enrich-batch", label: METRICS.CACHE_HITS }),
];

/** The groups of shops that products are counted by. */
const REGIONS: readonly RegionGroup[] = ["NA", "EU", "FE"];

/** How long 95 of 100 products took at most, from the beginning of the work on them to their record, by region. */
export const processingTimes = (config: OfStage): Metric[] =>
  REGIONS.map((region) =>
    ownMetric(METRICS.PROCESSING_DURATION, {
      ...{ config, service: "enrich-batch", dimensions: { [DIMENSIONS.REGION]: region } },
      ...{ statistic: "p95", label: region },
    }),
  );

/** Products that failed, by error code: each code that was counted lately. */
export const failuresByCode = ({ stage }: OfStage): MathExpression =>
  new MathExpression({
    expression: `SEARCH('{${METRIC_NAMESPACE},service,${DIMENSIONS.STAGE},${DIMENSIONS.ERROR_CODE}} MetricName="${METRICS.ENRICHMENT_FAILURES}" ${DIMENSIONS.STAGE}="${stage}"', 'Sum')`,
    label: "",
    usingMetrics: {},
    period: OWN_PERIOD,
  });

/** Fewest products that ended in a period from which their success rate says something. */
const LEAST_FOR_RATE = 20;

/** @param suffix makes the ids of its metrics its own: each id is used once in a graph */
const rateOf = (config: OfStage, label: string, dimensions: Dimensions = {}, suffix = ""): MathExpression => {
  const [requests, successes] = [`requests${suffix}`, `successes${suffix}`];
  const givenUp = productsGivenUp(config, dimensions).map(
    (metric, index) => [`given_up${index}${suffix}`, metric] as const,
  );
  const ended = `(${[requests, ...givenUp.map(([id]) => id)].map((id) => `FILL(${id}, 0)`).join(" + ")})`;
  return new MathExpression({
    expression: `IF(${ended} >= ${LEAST_FOR_RATE}, FILL(${successes}, 0) / ${ended}, 1)`,
    label,
    usingMetrics: {
      [requests]: productsEnded(METRICS.ENRICHMENT_REQUESTS, config, dimensions),
      [successes]: productsEnded(METRICS.ENRICHMENT_SUCCESSES, config, dimensions),
      ...Object.fromEntries(givenUp),
    },
    period: OWN_PERIOD,
  });
};

/** Share of the products that ended enriched, 0 to 1; 1 where too few ended to say. */
export const successRate = (config: OfStage): MathExpression => rateOf(config, "Success rate");

/** The same for each region, for graphs: one region may be down while the others hide it. */
export const successRates = (config: OfStage): MathExpression[] =>
  REGIONS.map((region) => rateOf(config, region, { [DIMENSIONS.REGION]: region }, region));

/** How often reconcile got as far as to say what could be worked on: once a minute while all is well. */
export const reconcilePasses = (config: OfStage): Metric =>
  ownMetric(METRICS.SERVABLE_PRODUCTS, { config, service: "reconcile", statistic: "SampleCount" });

/** 1 in a period in which no product ended although some could be worked on all along, else 0. */
export const standstill = (config: OfStage): MathExpression =>
  new MathExpression({
    expression: "IF(FILL(servable, 0) > 0 AND FILL(ended, 0) == 0, 1, 0)",
    label: "No progress",
    usingMetrics: {
      servable: ownMetric(METRICS.SERVABLE_PRODUCTS, { config, service: "reconcile", statistic: "Minimum" }),
      ended: productsEnded(METRICS.ENRICHMENT_REQUESTS, config),
    },
    period: OWN_PERIOD,
  });

/** Several metrics in sum; where one has no value it counts as 0, because no value is written when nothing happened. */
export const summed = (label: string, metrics: readonly Metric[]): MathExpression =>
  new MathExpression({
    expression: metrics.map((_, index) => `FILL(m${index}, 0)`).join(" + "),
    label,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    period: OWN_PERIOD,
  });
