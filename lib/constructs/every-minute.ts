import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

export interface EveryMinuteProps<Schema extends EnvSchemaLike> {
  readonly target: ServiceFunction<Schema>;
}

/**
 * Calls a function once a minute by EventBridge Scheduler. A call that fails is not repeated: the next minute's does
 * the same work.
 *
 * @example
 * new EveryMinute(this, "ReconcileSchedule", { target: reconcile });
 */
export class EveryMinute<Schema extends EnvSchemaLike> extends Construct {
  constructor(scope: Construct, id: string, { target }: EveryMinuteProps<Schema>) {
    super(scope, id);
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("scheduler.amazonaws.com") });
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.fn.functionArn] }));
    const schedule = new CfnSchedule(this, "Schedule", {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.fn.functionArn,
        roleArn: role.roleArn,
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    // Without the right to invoke, the first calls would fail and be lost.
    schedule.node.addDependency(role);
  }
}
