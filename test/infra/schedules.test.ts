import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { functionsOf, type Resource, resourcesOf, statementsOf } from "./stage/resources.ts";
import { synthesizedStage } from "./stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Pipeline;

describe("dispatch, reconcile, the sweep and the refresh plan", () => {
  const schedules = [...resourcesOf(prod, "AWS::Scheduler::Schedule").values()].map(({ Properties }) => Properties);

  it("are called every minute or hour, and a call that Scheduler cannot hand over is not repeated", () => {
    const called = schedules.map((schedule) => [
      schedule.ScheduleExpression,
      z.object({ RetryPolicy: z.unknown() }).parse(schedule.Target).RetryPolicy,
    ]);
    const minute = ["rate(1 minute)", { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }];
    const hour = ["rate(1 hour)", { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 600 }];
    expect(called).toEqual([hour, minute, minute, minute, minute]);
  });

  it("are called by roles that only schedules of this account may use, for one function each", () => {
    const roles = [...resourcesOf(prod, "AWS::IAM::Role")].filter(([id]) => id.includes("Schedule"));
    expect(roles).toHaveLength(5);
    for (const [id, { Properties }] of roles) {
      expect(Properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [
          {
            Principal: { Service: "scheduler.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          },
        ],
      });
      const own = statementsOf(prod, id.slice(0, 12));
      expect(own).toMatchObject([{ Action: ["lambda:InvokeFunction"] }]);
    }
  });

  it("are not repeated by Lambda either, which takes their calls asynchronously", () => {
    // What the event bus calls is repeated: its event comes once.
    const configs = [...resourcesOf(prod, "AWS::Lambda::EventInvokeConfig")]
      .filter(([id]) => !id.startsWith("Reactions"))
      .map(([, { Properties }]) => Properties);
    expect(configs.map(({ FunctionName }) => FunctionName)).toEqual(
      ["DispatchBatches", "Reconcile", "SweepExpired", "RefreshPlanRefresh", "WebhooksDeliverWebhooks"].map((name) => ({
        Ref: [...functionsOf(prod).keys()].find((id) => id.startsWith(name)),
      })),
    );
    for (const config of configs) {
      expect(config).toMatchObject({ MaximumRetryAttempts: 0, Qualifier: "$LATEST" });
    }
  });
});

describe("the alarms for schedules that stopped", () => {
  const stage = synthesizedStage("prod");
  const templates = Object.values(stage.templates);
  const TargetSchema = z.object({ Arn: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) }) });
  const scheduled = templates.flatMap((template) =>
    [...resourcesOf(template, "AWS::Scheduler::Schedule").values()].map(
      ({ Properties }) => TargetSchema.parse(Properties.Target).Arn["Fn::GetAtt"][0],
    ),
  );
  const isOfSchedules = ({ Properties }: Resource): boolean =>
    JSON.stringify(Properties.AssumeRolePolicyDocument).includes("scheduler.amazonaws.com");
  /** What calls functions beside schedules, as text. */
  const callers = templates.flatMap((template) => {
    const ofSchedules = [...resourcesOf(template, "AWS::IAM::Role")].flatMap(([id, role]) =>
      isOfSchedules(role) ? [id] : [],
    );
    const rights = [...resourcesOf(template, "AWS::IAM::Policy").values()].flatMap(({ Properties }) =>
      ofSchedules.some((id) => JSON.stringify(Properties.Roles).includes(id))
        ? []
        : z
            .object({ Statement: z.array(z.looseObject({ Action: z.unknown() })) })
            .parse(Properties.PolicyDocument)
            .Statement.filter(({ Action }) => JSON.stringify(Action).includes("lambda:InvokeFunction"))
            .map((statement) => JSON.stringify(statement)),
    );
    const sources = ["AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"].flatMap((type) =>
      [...resourcesOf(template, type).values()].map(({ Properties }) => JSON.stringify(Properties.FunctionName)),
    );
    return [...rights, ...sources];
  });

  it("count the calls of the schedule alone for each function that others call too", () => {
    const alsoCalled = scheduled.filter((id) => callers.some((text) => text.includes(id)));
    expect(scheduled.length).toBeGreaterThan(5);
    const services = alsoCalled.map((id) =>
      ["deliver-webhooks", "handle-dead-letters", "live-connections", "plan-refresh"].find((room) =>
        id.toLowerCase().includes(room.replaceAll("-", "")),
      ),
    );
    const watched = stage.alarms.entries.flatMap(({ id, metric }) =>
      id.endsWith("/NotRunning") && metric instanceof Metric && metric.metricName === "ScheduledCalls" ? [metric] : [],
    );
    expect(watched.map(({ dimensions }) => dimensions?.service).sort()).toEqual(services.sort());
    for (const { dimensions, statistic, namespace } of watched) {
      expect([dimensions?.stage, statistic, namespace]).toEqual(["prod", "Sum", "Enrichline"]);
    }
  });

  it.each([
    ["DeliverWebhooks", 60, 5],
    ["LiveConnections", 60, 5],
    ["PlanRefresh", 3_600, 2],
  ])("ring for %s when no call of it was counted in so many periods", (component, Period, EvaluationPeriods) => {
    stage.templates.Monitoring.hasResourceProperties("AWS::CloudWatch::Alarm", {
      ...{ AlarmName: `Enrichline-prod/${component}/NotRunning`, MetricName: "ScheduledCalls" },
      ...{ Period, EvaluationPeriods, Threshold: 1 },
      ...{ ComparisonOperator: "LessThanThreshold", TreatMissingData: "breaching" },
    });
  });
});
