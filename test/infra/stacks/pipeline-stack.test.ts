import { Match, type Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { concurrencyNeeded } from "../../../lib/config/capacity.ts";
import { functionsOf, type Resource, resourcesOf, type Statement, statementsOf } from "../stage/resources.ts";
import { buildStage, STAGES, settingsOf, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Pipeline;
const local = synthesizedStage("local").templates.Pipeline;
const queues = resourcesOf(prod, "AWS::SQS::Queue");
const idOf = (part: string): string => {
  const found = [...queues.keys()].filter((id) => id.startsWith(part));
  expect(found).toHaveLength(1);
  return found[0] ?? "";
};

/** Event sources of queues, which take a number of workers; a stream takes one for each of its shards. */
const queueSources = (template: typeof prod): Map<string, Resource> =>
  new Map(
    [...resourcesOf(template, "AWS::Lambda::EventSourceMapping")].filter(
      ([, { Properties }]) => Properties.StartingPosition === undefined,
    ),
  );

/** The bucket is listed as a whole by its name, and by prefix through a condition. */
const CATALOGS_ONLY = { StringLike: { "s3:prefix": ["catalogs/*"] } };
const listConditions = (statements: readonly Statement[]): unknown[] =>
  statements.filter(({ Action }) => Action.includes("s3:ListBucket")).map(({ Condition }) => Condition);

describe.each([
  ["EnrichQueue", "bulk", 3, 10, 1],
  ["EnrichExpressQueue", "express", 4, 2, undefined],
])("%s", (queue, priority, concurrency, batchSize, window) => {
  const source = () => queues.get(idOf(`${queue}Messages`))?.Properties;
  const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });

  it("gives up to its own DLQ after five receives", () => {
    expect(source()?.RedrivePolicy).toEqual({
      deadLetterTargetArn: arn(idOf(`${queue}DeadLetters`)),
      maxReceiveCount: 5,
    });
  });

  it("hides a message for six function timeouts and the window", () => {
    expect(source()?.VisibilityTimeout).toBe(6 * 150 + 1);
  });

  it(`feeds the ${priority} deployment of enrich-batch, its messages in groups, each answered for on its own`, () => {
    const [functionId] = [...functionsOf(prod)].find(([, fn]) => fn.Environment.Variables.PRIORITY === priority) ?? [];
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arn(idOf(`${queue}Messages`)),
      FunctionName: { Ref: functionId },
      BatchSize: batchSize,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: concurrency },
      MaximumBatchingWindowInSeconds: window ?? Match.absent(),
    });
  });
});

describe("every queue", () => {
  it("is encrypted, polled long and keeps messages 14 days", () => {
    expect(queues.size).toBe(18);
    prod.allResourcesProperties("AWS::SQS::Queue", {
      SqsManagedSseEnabled: true,
      ReceiveMessageWaitTimeSeconds: 20,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
  });

  it("takes TLS only outside local, where the emulator has none", () => {
    const tlsOnly = { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    prod.resourceCountIs("AWS::SQS::QueuePolicy", 18);
    prod.allResourcesProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(tlsOnly)]) },
    });
    for (const { Properties } of resourcesOf(local, "AWS::SQS::QueuePolicy").values()) {
      expect(JSON.stringify(Properties)).not.toContain("aws:SecureTransport");
    }
  });

  it("follows the settings of its stage", () => {
    const settings = {
      function_timeout_seconds: 300,
      batch_window_seconds: 5,
      max_receive_count: 7,
      queue_retention_days: 4,
    };
    const { Pipeline } = templatesOf(buildStage("staging", { settings }));
    Pipeline.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: 1805,
      MessageRetentionPeriod: 4 * 24 * 3600,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 7 }),
    });
  });
});

describe("the ingest line", () => {
  const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
  const queue = idOf("IngestQueueMessages");
  const deadLetters = idOf("IngestQueueDeadLetters");

  it("puts the event of every upload on the queue, and on its DLQ what cannot be delivered", () => {
    prod.hasResourceProperties("AWS::Events::Rule", {
      State: "ENABLED",
      EventPattern: {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: [Match.anyValue()] }, object: { key: [{ prefix: "uploads/" }] } },
      },
      Targets: [Match.objectLike({ Arn: arn(queue), DeadLetterConfig: { Arn: arn(deadLetters) } })],
    });
  });

  it.each([
    ["the queue", () => queue],
    ["its DLQ", () => deadLetters],
  ])("lets EventBridge send to %s for that rule only", (_, id) => {
    const ruleId = [...resourcesOf(prod, "AWS::Events::Rule").keys()].find((key) => key.startsWith("UploadEvents"));
    prod.hasResourceProperties("AWS::SQS::QueuePolicy", {
      Queues: [{ Ref: id() }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Condition: { ArnEquals: { "aws:SourceArn": arn(ruleId ?? "") } },
          }),
        ]),
      },
    });
  });

  it("reads one file an invocation, hidden for six of its own timeouts", () => {
    expect(queues.get(queue)?.Properties).toMatchObject({
      VisibilityTimeout: 6 * 900,
      RedrivePolicy: { deadLetterTargetArn: arn(deadLetters), maxReceiveCount: 5 },
    });
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arn(queue),
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 4 },
    });
  });

  it("may read and delete uploads, and write, list and delete catalogs only", () => {
    const own = statementsOf(prod, "IngestCatalog");
    const objects = own.flatMap(({ Action, Resource }) =>
      Action.filter((action) => action.startsWith("s3:")).flatMap((action) =>
        Resource.map((resource) => `${action} ${/(uploads|catalogs|exports|raw)\/\*/.exec(resource)?.[1]}`),
      ),
    );
    expect(objects.sort()).toEqual([
      "s3:AbortMultipartUpload catalogs",
      "s3:DeleteObject catalogs",
      "s3:DeleteObject uploads",
      "s3:GetObject catalogs",
      "s3:GetObject uploads",
      "s3:ListBucket undefined",
      "s3:PutObject catalogs",
    ]);
    expect(listConditions(own)).toEqual([CATALOGS_ONLY]);
  });

  it("leaves half of its workers to other users than one, and one to each at least", () => {
    const most = (settings: object) =>
      [...functionsOf(templatesOf(buildStage("staging", { settings })).Pipeline).values()].flatMap(
        ({ Environment }) => Environment.Variables.MAX_READINGS_PER_USER ?? [],
      );
    expect([most({}), most({ ingest_concurrency: 2 }), most({ ingest_concurrency: 3 })]).toEqual([["2"], ["1"], ["1"]]);
  });
});

it("the housekeeping may delete and list uploads and catalogs, read neither, and touch nothing else", () => {
  const own = statementsOf(prod, "Reconcile");
  const objects = own.flatMap(({ Action, Resource }) =>
    Action.filter((action) => action.startsWith("s3:")).flatMap((action) =>
      Resource.map((resource) => `${action} ${/(uploads|catalogs|exports|raw)\/\*/.exec(resource)?.[1]}`),
    ),
  );
  expect(objects.sort()).toEqual(["s3:DeleteObject catalogs", "s3:DeleteObject uploads", "s3:ListBucket undefined"]);
  expect(listConditions(own)).toEqual([{ StringLike: { "s3:prefix": ["catalogs/*", "uploads/*"] } }]);
});

describe("the export line", () => {
  const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
  const queue = idOf("ExportsQueueMessages");

  it("writes one export an invocation, and gives up to its own DLQ after five receives", () => {
    expect(queues.get(queue)?.Properties).toMatchObject({
      VisibilityTimeout: 6 * 150 + 1,
      RedrivePolicy: { deadLetterTargetArn: arn(idOf("ExportsQueueDeadLetters")), maxReceiveCount: 5 },
    });
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arn(queue),
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  it("may read catalogs, change exports only, and write no table but operations, when content ends and who was read", () => {
    const own = statementsOf(prod, "ExportCatalog");
    const actions = own.flatMap(({ Action, Resource }) =>
      Action.filter((action) => /^(s3|dynamodb):/.test(action)).flatMap((action) =>
        Resource.map((resource) => {
          const name =
            /(catalogs|exports|uploads|raw)\/\*|(EnrichmentStatus|Products|Operations|ContentEnds|RefreshDemand)Table/.exec(
              resource,
            );
          return `${action} ${name?.[1] ?? name?.[2]}`;
        }),
      ),
    );
    expect(actions.sort()).toEqual([
      "dynamodb:BatchGetItem Products",
      "dynamodb:GetItem EnrichmentStatus",
      "dynamodb:PutItem ContentEnds",
      "dynamodb:Query ContentEnds",
      "dynamodb:Query EnrichmentStatus",
      "dynamodb:UpdateItem Operations",
      "dynamodb:UpdateItem RefreshDemand",
      "s3:DeleteObject exports",
      "s3:GetObject catalogs",
      "s3:GetObject exports",
      "s3:PutObject exports",
    ]);
  });
});

it.each(STAGES)("hides messages of stage %s at least as long as their function may run: AWS refuses less", (stage) => {
  const { Pipeline } = templatesOf(buildStage(stage));
  const own = resourcesOf(Pipeline, "AWS::SQS::Queue");
  const sources = [...queueSources(Pipeline).values()].map(({ Properties }) =>
    z
      .object({
        EventSourceArn: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) }),
        FunctionName: z.object({ Ref: z.string() }),
      })
      .parse(Properties),
  );
  const { daily_refresh, event_requests, webhooks } = settingsOf(stage);
  expect(sources).toHaveLength(4 + Number(daily_refresh) + Number(event_requests) + Number(webhooks));
  for (const { EventSourceArn, FunctionName } of sources) {
    const visibility = own.get(EventSourceArn["Fn::GetAtt"][0])?.Properties.VisibilityTimeout;
    expect(visibility).toBeGreaterThanOrEqual(functionsOf(Pipeline).get(FunctionName.Ref)?.Timeout ?? Infinity);
  }
});

/** Functions that the event sources of queues of all stacks run at once. */
const workersOf = (templates: readonly Template[]): number =>
  templates
    .flatMap((template) => [...queueSources(template).values()])
    .map(({ Properties }) => z.object({ MaximumConcurrency: z.number() }).parse(Properties.ScalingConfig))
    .reduce((sum, { MaximumConcurrency }) => sum + MaximumConcurrency, 0);

it("says what the stage takes of the account's concurrency: what its event sources take, and two more", () => {
  for (const stage of STAGES) {
    const { Data, Pipeline, Shop, Api, Monitoring } = templatesOf(buildStage(stage));
    Pipeline.hasOutput("ConcurrencyNeeded", {
      Value: String(workersOf([Data, Pipeline, Shop, Api, Monitoring]) + 2),
    });
    // A reservation is refused where it leaves less than 100 to the account: there is none to be had in a new one.
    for (const template of [Pipeline, Shop, Api]) {
      expect(JSON.stringify(template.toJSON())).not.toContain("ReservedConcurrentExecutions");
    }
  }
});

it("takes no more than ten on stage dev, as many as a new account has", () => {
  const { Data, Pipeline, Shop, Api, Monitoring } = synthesizedStage("dev").templates;
  const workers = workersOf([Data, Pipeline, Shop, Api, Monitoring]);
  expect(workers).toBe(concurrencyNeeded(settingsOf("dev")) - 2);
  expect(workers).toBeLessThanOrEqual(8);
});

describe("a stage without the daily refresh", () => {
  const { Data, Pipeline, Api, Monitoring } = templatesOf(buildStage("prod", { settings: { daily_refresh: false } }));

  it("has nothing deployed for it but its tables", () => {
    for (const template of [Pipeline, Api, Monitoring]) {
      const resources = Object.keys(template.toJSON().Resources);
      expect(resources.filter((id) => /Refresh/.test(id) && !/Table|Gateway/.test(id))).toEqual([]);
    }
    expect(Object.keys(Data.toJSON().Resources).filter((id) => /Refresh.*Table/.test(id)).length).toBeGreaterThan(0);
  });

  it("knows in its API that it has none, and may call no planner", () => {
    const own = statementsOf(Api, "OperationsApi");
    const called = own.filter(({ Action }) => Action.includes("lambda:InvokeFunction"));
    expect(called.flatMap(({ Resource }) => Resource)).toEqual([expect.stringContaining("HandleDeadLetters")]);
    const variables = [...functionsOf(Api).values()].map(({ Environment }) => Environment.Variables);
    expect(variables.flatMap(({ DAILY_REFRESH }) => DAILY_REFRESH ?? [])).toEqual(["false"]);
    expect(variables.flatMap(({ PLAN_REFRESH_FUNCTION_NAME }) => PLAN_REFRESH_FUNCTION_NAME ?? [])).toEqual(["off"]);
  });
});
