import { Aspects, CfnResource } from "aws-cdk-lib";
import { SynthesisMessageLevel } from "aws-cdk-lib/cx-api";
import { AwsSolutionsChecks, NagSuppressions } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { buildStage } from "./stage/synth-stage.ts";

/** What AwsSolutions asks for and we do not do, by stack, and why. */
const SUPPRESSED = {
  data: [
    {
      id: "AwsSolutions-S1",
      reason:
        "Every object is read and written by our own functions, which log it; access logs would need a second bucket.",
    },
    {
      id: "AwsSolutions-COG2",
      reason:
        "The CLI signs in by user name and password; users are made by an administrator, and a second factor is planned with the console.",
    },
    {
      id: "AwsSolutions-COG8",
      reason: "The Plus plan is paid per user and month; the pool holds a few users made by an administrator.",
    },
    {
      id: "AwsSolutions-SMG4",
      reason:
        "Credentials are issued by the upstreams and cannot be rotated by a function; the owner sets new ones with the CLI.",
    },
  ],
  tables: [
    {
      id: "AwsSolutions-DDB3",
      reason:
        "A backup would keep content for 35 days that its licence ends after one; all of it can be fetched again.",
    },
  ],
  pipeline: [
    {
      id: "AwsSolutions-IAM5",
      reason:
        "Objects cannot be named one by one: the rights end at a prefix of the stage's own bucket, or at the streams of one table, whose names only a deploy knows.",
      appliesTo: [{ regex: "/^Resource::<?.*\\/(uploads|catalogs|exports|raw|stream)\\/\\*$/" }],
    },
    {
      id: "AwsSolutions-SQS3",
      reason: "The queue of what a stream gave up is a dead-letter queue itself; Lambda sends to it.",
    },
  ],
  shop: [
    {
      id: "AwsSolutions-SQS3",
      reason: "It is the dead-letter queue of a pipe, which the rule does not know to be one.",
    },
  ],
  api: [
    {
      id: "AwsSolutions-IAM5",
      reason: "Objects cannot be named one by one: the rights end at a prefix of the stage's own bucket.",
      appliesTo: [{ regex: "/^Resource::<?.*\\/(uploads|catalogs|exports|raw)\\/\\*$/" }],
    },
    {
      id: "AwsSolutions-IAM5",
      reason: "Connections come and go: the rights end at those of the stage's own WebSocket API.",
      appliesTo: [{ regex: "/^Resource::.*\\/live\\/(POST|DELETE)\\/@connections\\/\\*$/" }],
    },
    {
      id: "AwsSolutions-IAM5",
      reason: "A stream has the moment of its making in its name: the right ends at those of one table.",
      appliesTo: [{ regex: "/^Resource::.*\\/stream\\/\\*$/" }],
    },
    {
      id: "AwsSolutions-SQS3",
      reason: "It is itself what takes dead letters: of the stream of changes, whose source is no queue.",
    },
    {
      id: "AwsSolutions-APIG4",
      reason:
        "Health, configuration, documentation, what shops show and the count of connections are open on purpose, and the WebSocket API is opened by tickets that its function takes; api-stack.test.ts holds the exact list.",
    },
    {
      id: "AwsSolutions-SMG4",
      reason:
        "It only seals cursors, which live for minutes; the runbook says how to put a new value, which breaks no list that is being read.",
    },
  ],
};
/** Stage local runs on an emulator that speaks plain HTTP and is thrown away. */
const LOCAL_ONLY = [
  { id: "AwsSolutions-S10", reason: "The emulator has no TLS." },
  { id: "AwsSolutions-SQS4", reason: "The emulator has no TLS." },
  { id: "AwsSolutions-DDB3", reason: "Stage local is thrown away." },
];

// dev and staging have the shape of prod.
describe.each(["local", "prod"] as const)("stage %s", (name) => {
  const stage = buildStage(name, {}, { validated: true });
  const stacks = [stage.data, stage.pipeline, ...(stage.shop ? [stage.shop] : []), stage.api, stage.monitoring];
  NagSuppressions.addStackSuppressions(stage.data, SUPPRESSED.data);
  NagSuppressions.addResourceSuppressions(stage.data.products, SUPPRESSED.tables, true);
  NagSuppressions.addResourceSuppressions(stage.data.productHistory, SUPPRESSED.tables, true);
  NagSuppressions.addStackSuppressions(stage.pipeline, SUPPRESSED.pipeline);
  NagSuppressions.addStackSuppressions(stage.api, SUPPRESSED.api);
  if (stage.shop) NagSuppressions.addStackSuppressions(stage.shop, SUPPRESSED.shop);
  if (name === "local") for (const stack of stacks) NagSuppressions.addStackSuppressions(stack, LOCAL_ONLY);
  Aspects.of(stage.app).add(new AwsSolutionsChecks());

  it("breaks no rule of CloudFormation, which a synth checks", () => {
    expect(() => stage.app.synth()).not.toThrow();
  });

  it("breaks no rule of AwsSolutions without a written reason", () => {
    const found = stage.app
      .synth()
      .stacks.flatMap(({ messages }) => messages)
      .filter(({ level }) => level !== SynthesisMessageLevel.INFO)
      .map(({ id, entry }) => `${id}: ${JSON.stringify(entry.data).slice(0, 200)}`);
    expect(found).toEqual([]);
  });
});

it("a template that breaks a rule of CloudFormation is refused", () => {
  const { app, data } = buildStage("local", {}, { validated: true });
  new CfnResource(data, "Wrong", { type: "AWS::SQS::Queue", properties: { VisibilityTimeout: "soon" } });
  expect(() => app.synth()).toThrow(/VisibilityTimeout: 'soon' is not of type 'integer'/);
});
