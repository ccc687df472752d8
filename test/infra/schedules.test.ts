import { describe, expect, it } from "vitest";
import { functionsOf, resourcesOf, roleStatements } from "./stage/resources.ts";
import { synthesizedStage } from "./stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Pipeline;

describe("dispatch, reconcile and the sweep", () => {
  const schedules = [...resourcesOf(prod, "AWS::Scheduler::Schedule").values()].map(({ Properties }) => Properties);

  it("are called every minute, and a call that Scheduler cannot hand over is not repeated", () => {
    expect(schedules).toHaveLength(3);
    for (const schedule of schedules) {
      expect(schedule).toMatchObject({
        ScheduleExpression: "rate(1 minute)",
        Target: { RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
      });
    }
  });

  it("are called by roles that only schedules of this account may use, for one function each", () => {
    const roles = [...resourcesOf(prod, "AWS::IAM::Role")].filter(([id]) => id.includes("Schedule"));
    expect(roles).toHaveLength(3);
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
    const configs = [...resourcesOf(prod, "AWS::Lambda::EventInvokeConfig").values()].map(
      ({ Properties }) => Properties,
    );
    expect(configs.map(({ FunctionName }) => FunctionName)).toEqual(
      ["DispatchBatches", "Reconcile", "SweepExpired"].map((name) => ({
        Ref: [...functionsOf(prod).keys()].find((id) => id.startsWith(name)),
      })),
    );
    for (const config of configs) {
      expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, Qualifier: "$LATEST" });
    }
  });
});
