import { type MONTHLY_PRICES, monthlyDollars, PRICES_OF } from "../../lambdas/common/core/cost/list-prices.ts";
import type { StackTemplate } from "./assembly.ts";

/** What a stage costs a month before it does anything, or for each gigabyte that it keeps. */
export interface CostLine {
  readonly what: string;
  readonly count: number;
  /** A month, in dollars; null where it depends on use, as `note` says. */
  readonly usd: number | null;
  readonly note: string;
}

/** The fixed costs of a stage. */
export interface FixedCosts {
  readonly lines: readonly CostLine[];
  /** Dollars a month, over all lines that have a price. */
  readonly usd: number;
  /** Region and day of the list prices. */
  readonly pricesOf: typeof PRICES_OF;
}

type Properties = Readonly<Record<string, unknown>>;
type Price = keyof typeof MONTHLY_PRICES;

/** Metrics that an alarm pays for: those of its expression, or its own one. */
const metricsOf = ({ Metrics }: Properties): number =>
  Array.isArray(Metrics)
    ? Math.max(
        1,
        Metrics.filter((metric: unknown) => typeof metric === "object" && metric !== null && "MetricStat" in metric)
          .length,
      )
    : 1;

const isRecovered = ({ PointInTimeRecoverySpecification: recovery }: Properties): boolean =>
  typeof recovery === "object" &&
  recovery !== null &&
  "PointInTimeRecoveryEnabled" in recovery &&
  recovery.PointInTimeRecoveryEnabled === true;

/** Availability zones of an interface endpoint; each is charged for. */
const zonesOf = ({ VpcEndpointType, SubnetIds }: Properties): number =>
  VpcEndpointType === "Interface" ? (Array.isArray(SubnetIds) ? SubnetIds.length : 1) : 0;

interface Counted {
  readonly type: string;
  readonly what: string;
  readonly price: Price;
  /** How many of the priced thing a resource is. @default 1 */
  readonly size?: (properties: Properties) => number;
}

const COUNTED: readonly Counted[] = [
  { type: "AWS::CloudWatch::Alarm", what: "metrics that alarms watch", price: "alarm", size: metricsOf },
  { type: "AWS::CloudWatch::AnomalyDetector", what: "anomaly bands", price: "anomalyAlarm" },
  { type: "AWS::CloudWatch::Dashboard", what: "dashboards", price: "dashboard" },
  { type: "AWS::SecretsManager::Secret", what: "secrets", price: "secret" },
  { type: "AWS::KMS::Key", what: "encryption keys", price: "customerKey" },
  { type: "AWS::Route53::HealthCheck", what: "health checks from outside", price: "healthCheck" },
  { type: "AWS::EC2::VPCEndpoint", what: "interface endpoints and zones", price: "interfaceEndpoint", size: zonesOf },
  { type: "AWS::EC2::NatGateway", what: "NAT gateways", price: "natGateway" },
];

/** What else is paid for that nobody called for; its price depends on what is stored or used. */
const BY_USE = [
  {
    type: "AWS::DynamoDB::Table",
    what: "tables with recovery to any point in time",
    note: `$${monthlyDollars("pointInTimeRecoveryGigabyte")} for each GB that they hold, beside $${monthlyDollars("tableGigabyte")} for holding it`,
    counts: isRecovered,
  },
  {
    type: "AWS::WAFv2::WebACL",
    what: "web ACLs",
    note: "by rules and requests, see the price list of AWS WAF",
    counts: () => true,
  },
  { type: "AWS::Synthetics::Canary", what: "canaries", note: "for each of their runs", counts: () => true },
] as const;

/** Names what a stage costs a month by list prices although nothing is enriched, line by line. */
export const fixedMonthlyCosts = (templates: readonly StackTemplate[]): FixedCosts => {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  const priced = COUNTED.map(({ type, what, price, size = () => 1 }): CostLine => {
    const count = resources
      .filter(({ Type }) => Type === type)
      .reduce((sum, { Properties }) => sum + size(Properties), 0);
    return { what, count, usd: monthlyDollars(price, count), note: `$${monthlyDollars(price)} each` };
  });
  const byUse = BY_USE.map(({ type, what, note, counts }): CostLine => {
    const count = resources.filter(({ Type, Properties }) => Type === type && counts(Properties)).length;
    return { what, count, usd: null, note };
  });
  const customMetrics: CostLine = {
    what: "metrics of its own",
    count: 0,
    usd: null,
    note: `$${monthlyDollars("customMetric")} for each that is written in a month`,
  };
  const lines = [...priced, ...byUse].filter(({ count }) => count > 0);
  const usd = lines.reduce((sum, line) => sum + (line.usd ?? 0), 0);
  return { lines: [...lines, customMetrics], usd: Math.round(usd * 100) / 100, pricesOf: PRICES_OF };
};
