import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addScheduleAlarm } from "../monitoring/schedule-alarm.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

/** A call that did not start within a minute is done by the next one. The least that Scheduler and Lambda take. */
const MAX_EVENT_AGE = Duration.seconds(60);
/** The next call of an hour is long ahead. */
const MAX_HOURLY_EVENT_AGE = Duration.minutes(30);

interface ScheduleProps<Schema extends EnvSchemaLike> {
  readonly alarms: AlarmRegistry;
  readonly target: ServiceFunction<Schema>;
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
}

/**
 * Calls a function once a minute or hour by EventBridge Scheduler, and registers the alarm that rings when it stops. A call that
 * fails is not repeated, neither by Scheduler nor by Lambda: the next one does the same work. Scheduler invokes
 * asynchronously, so it is done when Lambda has taken the call; without settings of its own Lambda would repeat a failed
 * one twice and keep a throttled one for six hours.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
class Schedule<Schema extends EnvSchemaLike> extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { alarms, target, component, impact }: ScheduleProps<Schema>,
    every: "minute" | "hour",
  ) {
    super(scope, id);
    const maxEventAge = every === "minute" ? MAX_EVENT_AGE : MAX_HOURLY_EVENT_AGE;
    const role = new Role(this, "Role", {
      // Only for schedules of this account.
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.fn.functionArn] }));
    const schedule = new CfnSchedule(this, "Schedule", {
      scheduleExpression: `rate(1 ${every})`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.fn.functionArn,
        roleArn: role.roleArn,
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: maxEventAge.toSeconds() },
      },
    });
    // Without the right to invoke, the first calls would fail and be lost.
    schedule.node.addDependency(role);
    target.fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
    addScheduleAlarm(alarms, { component, fn: target.fn, impact, every });
  }
}

/**
 * Calls a function once a minute.
 *
 * @example
 * new EveryMinute(this, "ReconcileSchedule", { alarms, target: reconcile, component: "Reconcile", impact: "Overdue work waits." });
 */
export class EveryMinute<Schema extends EnvSchemaLike> extends Schedule<Schema> {
  constructor(scope: Construct, id: string, props: ScheduleProps<Schema>) {
    super(scope, id, props, "minute");
  }
}

/**
 * Calls a function once an hour.
 *
 * @example
 * new EveryHour(this, "SweepSchedule", { alarms, target: sweep, component: "SweepStaging", impact: "Orphans are not counted." });
 */
export class EveryHour<Schema extends EnvSchemaLike> extends Schedule<Schema> {
  constructor(scope: Construct, id: string, props: ScheduleProps<Schema>) {
    super(scope, id, props, "hour");
  }
}
