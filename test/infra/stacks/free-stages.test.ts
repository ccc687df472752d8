import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { STACK_PARTS } from "../../../cli/aws/destroy/stage-stacks.ts";
import { loadSettings } from "../../../lib/config/load-settings.ts";
import { buildStacks } from "../../../lib/stacks/build-stacks.ts";
import { EVERYTHING } from "../stage/everything.ts";
import { buildStage, cdkContext } from "../stage/synth-stage.ts";

const ACCOUNT = "123456789012";
const REGION = "ap-southeast-2";
/** As long as a name may be. */
const LONGEST = "a".repeat(20);

/** A stage of a name of one's own, with everything switched on. */
const build = (stage: string, settings: object) => {
  const everything = { kind: "dev", shop_line: true, shop_topic: true, webhooks: true, daily_refresh: true };
  const context: Record<string, unknown> = { stage, stages: { [stage]: { ...everything, ...settings } } };
  const app = new App({
    context: { ...cdkContext(), "aws:cdk:bundling-stacks": [] },
    builtinCloudFormationValidation: false,
  });
  const stacks = buildStacks(
    app,
    loadSettings((key) => context[key]),
  );
  return [stacks.data, stacks.pipeline, stacks.api, stacks.monitoring, ...(stacks.shop ? [stacks.shop] : [])];
};

/** Longest names that AWS takes, by the property that gives them. */
const MAX_LENGTH: Readonly<Record<string, number>> = {
  AlarmName: 255,
  BucketName: 63,
  DashboardName: 255,
  FunctionName: 64,
  LogGroupName: 512,
  QueueName: 80,
  RoleName: 64,
  RuleName: 64,
  TableName: 255,
  TopicName: 256,
};

describe("a stage of a name of one's own", () => {
  it("is deployed to the account and the region of its settings, and to no other", () => {
    for (const stack of build("prod-eu", { account: ACCOUNT, region: REGION })) {
      expect([stack.account, stack.region]).toEqual([ACCOUNT, REGION]);
      expect(stack.stackName).toMatch(/^Enrichline-prod-eu-(Data|Pipeline|Api|Monitoring|Shop)$/);
      expect(Object.keys(Template.fromStack(stack).toJSON().Resources).length).toBeGreaterThan(0);
    }
  });

  it("may be deployed anywhere where it names neither", () => {
    for (const stack of build("test", {})) expect(stack.environment).toBe("aws://unknown-account/unknown-region");
  });

  it("has no stack that a destroy leaves", () => {
    const { app, config } = buildStage("prod", { settings: EVERYTHING });
    const names = app.node.children.filter((child) => child instanceof Stack).map(({ stackName }) => stackName);
    expect(names.sort()).toEqual(STACK_PARTS.map((part) => `Enrichline-${config.stage}-${part}`).sort());
  });

  it("has names that AWS takes, also when its own is as long as it may be", () => {
    const names = build(LONGEST, {}).flatMap((stack) =>
      Object.values<{ Properties?: object }>(Template.fromStack(stack).toJSON().Resources).flatMap(
        ({ Properties = {} }) =>
          Object.entries(Properties).filter(([key, value]) => key in MAX_LENGTH && typeof value === "string"),
      ),
    );
    expect(names.length).toBeGreaterThan(40);
    for (const [key, name] of names) expect(name.length, `${key} ${name}`).toBeLessThanOrEqual(MAX_LENGTH[key] ?? 0);
  });
});
