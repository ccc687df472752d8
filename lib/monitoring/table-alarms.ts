import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";

export interface TableAlarmsProps {
  /** Component part of the alarm ids, such as `ProductsTable`. */
  readonly component: string;
  readonly tableName: string;
  /** Indexes are throttled on their own. */
  readonly indexNames: readonly string[];
  /** Throttled requests in 5 minutes. */
  readonly throttles: number;
}

/** Throttled reads and writes of a table and its indexes, in sum. */
const throttled = (props: TableAlarmsProps): IMetric => {
  const period = Duration.minutes(5);
  const events = ["ReadThrottleEvents", "WriteThrottleEvents"].flatMap((metricName) =>
    [{}, ...props.indexNames.map((index) => ({ GlobalSecondaryIndexName: index }))].map(
      (dimension) =>
        new Metric({
          namespace: "AWS/DynamoDB",
          metricName,
          dimensionsMap: { TableName: props.tableName, ...dimension },
          statistic: "Sum",
          period,
        }),
    ),
  );
  return new MathExpression({
    // DynamoDB writes no zeros: where nothing was throttled there is no value.
    expression: events.map((_, index) => `FILL(m${index}, 0)`).join(" + "),
    label: `${props.component} throttled requests`,
    usingMetrics: Object.fromEntries(events.map((metric, index) => [`m${index}`, metric])),
    period,
  });
};

/** Registers what every table is monitored for: throttled requests. */
export const addTableAlarms = (alarms: AlarmRegistry, props: TableAlarmsProps): void => {
  alarms.add({
    id: `${props.component}/Throttled`,
    severity: "notice",
    metric: throttled(props),
    threshold: props.throttles,
    impact: "Reads or writes were refused and tried again: answers and progress slow down.",
    runbook: runbookSection(`${props.component}/Throttled`),
  });
};
