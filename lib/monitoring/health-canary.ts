import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { HealthCheck, HealthCheckType } from "aws-cdk-lib/aws-route53";
import { Construct } from "constructs";
import { type AlarmRegistry, runbookSection } from "./alarm-registry.ts";

export interface HealthCanaryProps {
  readonly alarms: AlarmRegistry;
  /** Host name of the API, as its users have it. */
  readonly host: string;
  /** Below the host, such as `/api/v1/health`. */
  readonly path: string;
}

/** As few as Route 53 takes: every region asks on its own, and each call is paid for. */
const ASKING_REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-1"];

/**
 * Asks for the health of the stage from outside, as Route 53 does from three continents, without credentials. The stage must be in
 * us-east-1: Route 53 writes its metrics there only, and an alarm sees those of its own region.
 */
export class HealthCanary extends Construct {
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, { alarms, host, path }: HealthCanaryProps) {
    super(scope, id);
    const check = new HealthCheck(this, "Check", {
      type: HealthCheckType.HTTPS,
      fqdn: host,
      port: 443,
      resourcePath: path,
      enableSNI: true,
      requestInterval: Duration.seconds(30),
      failureThreshold: 3,
      regions: ASKING_REGIONS,
    });
    this.healthCheckId = check.healthCheckId;
    alarms.add({
      id: "Api/Unreachable",
      severity: "page",
      metric: new Metric({
        namespace: "AWS/Route53",
        metricName: "HealthCheckStatus",
        dimensionsMap: { HealthCheckId: this.healthCheckId },
        statistic: "Minimum",
        period: Duration.minutes(1),
      }),
      // 1 is healthy and 0 is not.
      threshold: 1,
      rings: "below",
      periods: 3,
      // A check that somebody deleted or switched off says nothing.
      missingData: "rings",
      impact: "Nobody outside reaches the API, or its database or queue does not answer.",
      runbook: runbookSection("Api/Unreachable"),
    });
  }
}
