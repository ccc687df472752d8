import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { AlarmRegistry, Severity } from "../monitoring/alarm-registry.ts";
import { addScheduleAlarm } from "../monitoring/schedule-alarm.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

/** A call that did not start within a minute is done by the next one. The least that Scheduler and Lambda take. */
const MAX_EVENT_AGE = Duration.seconds(60);

export interface EveryMinuteProps<Schema extends EnvSchemaLike> {
  readonly alarms: AlarmRegistry;
  readonly target: ServiceFunction<Schema>;
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
  /** @default "page" */
  readonly severity?: Severity;
}

/**
 * Calls a function once a minute by EventBridge Scheduler, and registers the alarm that rings when it stops. A call that
 * fails is not repeated, neither by Scheduler nor by Lambda: the next minute's does the same work. Scheduler invokes
 * asynchronously, so it is done when Lambda has taken the call; without settings of its own Lambda would repeat a failed
 * one twice and keep a throttled one for six hours.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @example
 * new EveryMinute(this, "ReconcileSchedule", { alarms, target: reconcile, component: "Reconcile", impact: "Overdue work waits." });
 */
export class EveryMinute<Schema extends EnvSchemaLike> extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { alarms, target, component, impact, severity = "page" }: EveryMinuteProps<Schema>,
  ) {
    super(scope, id);
    const role = new Role(this, "Role", {
      // Only for schedules of this account.
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.fn.functionArn] }));
    const schedule = new CfnSchedule(this, "Schedule", {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.fn.functionArn,
        roleArn: role.roleArn,
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds() },
      },
    });
    // Without the right to invoke, the first calls would fail and be lost.
    schedule.node.addDependency(role);
    target.fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: MAX_EVENT_AGE });
    addScheduleAlarm(alarms, { component, fn: target.fn, impact, severity });
  }
}
