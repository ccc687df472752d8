import { describe, expect, it } from "vitest";
import * as z from "zod";
import { functionsOf, resourcesOf, roleStatements } from "./stage/resources.ts";
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
      const [, own = []] = [...roleStatements(prod)].find(([policy]) => policy.startsWith(id.slice(0, 12))) ?? [];
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
