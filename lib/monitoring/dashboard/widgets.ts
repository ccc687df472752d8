import { Duration } from "aws-cdk-lib";
import {
  GraphWidget,
  type IMetric,
  type IWidget,
  TableLayout,
  TableSummaryColumn,
  TableWidget,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";

/** Columns of a dashboard. */
export const FULL_WIDTH = 24;
/** Period of the metrics that AWS counts. */
export const PERIOD = Duration.minutes(5);
const HEIGHT = 6;

/** The heading of a section. */
export const heading = (text: string): IWidget[] => [
  new TextWidget({ markdown: `## ${text}`, width: FULL_WIDTH, height: 1 }),
];

/** Graphs of one width beside each other. */
export const row = (...graphs: readonly (readonly [title: string, left: IMetric[]])[]): IWidget[] =>
  graphs.map(([title, left]) => new GraphWidget({ title, left, width: FULL_WIDTH / graphs.length, height: HEIGHT }));

/** A table with one line a metric and its sum over the time that the dashboard shows. */
export const sums = (title: string, metrics: IMetric[]): IWidget[] => [
  new TableWidget({
    title,
    metrics,
    layout: TableLayout.VERTICAL,
    summary: { columns: [TableSummaryColumn.SUM, TableSummaryColumn.MAXIMUM], sticky: true },
    width: FULL_WIDTH,
    height: HEIGHT,
  }),
];

/** One metric for each named part. */
export const each = <Part>(
  parts: Readonly<Record<string, Part>>,
  metric: (part: Part, label: string) => IMetric,
): IMetric[] => Object.entries(parts).map(([label, part]) => metric(part, label));
