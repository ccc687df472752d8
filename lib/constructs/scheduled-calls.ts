import { Duration, Stack } from "aws-cdk-lib";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { AlarmRegistry, Severity } from "../monitoring/alarm-registry.ts";
import { addScheduleAlarm, type CountsItsCalls } from "../monitoring/schedule-alarm.ts";
import { acceptFinding } from "./findings/accept-finding.ts";
import type { EnvSchemaLike } from "./service-environment.ts";
import type { ServiceFunction } from "./service-function.ts";

/** How a schedule is written, and after which time a call that did not start is left to the next one. */
const RATES = {
  // The least age that Scheduler and Lambda take.
  minute: { expression: "rate(1 minute)", maxEventAge: Duration.seconds(60) },
  hour: { expression: "rate(1 hour)", maxEventAge: Duration.minutes(10) },
} as const;

export interface ScheduledCallsProps<Schema extends EnvSchemaLike> {
  readonly alarms: AlarmRegistry;
  readonly target: ServiceFunction<Schema>;
  /** Component part of the alarm's id, such as `Reconcile`. */
  readonly component: string;
  /** What stops when the calls stop: one sentence. */
  readonly impact: string;
  /** Needed where others call the function too. @default every call of it is one of its schedule */
  readonly counted?: CountsItsCalls;
  /** What it writes in each call that gets to its work. @default each call counts */
  readonly proof?: Metric;
  /** Whether calls that stop wake a person. @default "page" */
  readonly severity?: Severity;
}

/**
 * Calls a function once a minute, or once an hour, by EventBridge Scheduler, and registers the alarm that rings when it stops. A call that
 * fails is not repeated, neither by Scheduler nor by Lambda: the next one does the same work. Scheduler invokes
 * asynchronously, so it is done when Lambda has taken the call; without settings of its own Lambda would repeat a failed
 * one twice and keep a throttled one for six hours.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @example
 * new ScheduledCalls(this, "Schedule", { every: "hour", alarms, target: planRefresh, component: "PlanRefresh", impact: "Nothing is fetched again." });
 */
export class ScheduledCalls<Schema extends EnvSchemaLike> extends Construct {
  constructor(
    scope: Construct,
    id: string,
    {
      every,
      alarms,
      target,
      component,
      impact,
      counted,
      proof,
      severity,
    }: ScheduledCallsProps<Schema> & { readonly every: keyof typeof RATES },
  ) {
    super(scope, id);
    const { expression, maxEventAge } = RATES[every];
    const role = new Role(this, "Role", {
      // Only for schedules of this account.
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [target.fn.functionArn] }));
    const schedule = new CfnSchedule(this, "Schedule", {
      scheduleExpression: expression,
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
    acceptFinding(target, {
      rules: ["Serverless-LambdaAsyncFailureDestination"],
      kind: "scheduled functions",
      reason:
        "The next call does the work of one that failed, and an alarm rings when calls stop; a kept call would be stale.",
    });
    addScheduleAlarm(alarms, {
      ...{ every, component, fn: target.fn, impact },
      ...(counted ? { counted } : {}),
      ...(proof ? { proof } : {}),
      ...(severity ? { severity } : {}),
    });
  }
}
