import { describe, expect, it } from "vitest";
import { functionsOf, resourcesOf } from "./stage/resources.ts";
import { buildStage, synthesizedStage, templatesOf } from "./stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Pipeline;
const queueIds = (prefix: string): string[] =>
  [...resourcesOf(prod, "AWS::SQS::Queue").keys()].filter((id) => id.startsWith(prefix));
const functionId = (room: string): string =>
  [...functionsOf(prod)].find(([, fn]) => fn.Environment.Variables.POWERTOOLS_SERVICE_NAME === room)?.[0] ?? "";
const [busId = ""] = resourcesOf(prod, "AWS::Events::EventBus").keys();

describe("the event bus", () => {
  it("is one a stage, with an archive of all its events for seven days; the emulator's is made by the launcher", () => {
    expect(resourcesOf(prod, "AWS::Events::EventBus").size).toBe(1);
    prod.hasResourceProperties("AWS::Events::Archive", {
      SourceArn: { "Fn::GetAtt": [busId, "Arn"] },
      RetentionDays: 7,
      EventPattern: { account: [{ Ref: "AWS::AccountId" }] },
    });
    const local = synthesizedStage("local").templates.Pipeline;
    expect(resourcesOf(local, "AWS::Events::EventBus").size).toBe(1);
    expect(resourcesOf(local, "AWS::Events::Archive").size).toBe(0);
  });
});

describe("the stream of batches and runs", () => {
  const outcomes = (Pipeline = prod) => {
    const filters = [...resourcesOf(Pipeline, "AWS::Lambda::EventSourceMapping").values()].map(({ Properties }) =>
      JSON.stringify(Properties.FilterCriteria ?? ""),
    );
    return filters.filter((text) => text.includes("batch"));
  };

  it("feeds batches and runs that were changed to publish-events, and gives up to a queue", () => {
    const [givenUp] = queueIds("OutcomesStreamGivenUp");
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: { Ref: functionId("publish-events") },
      StartingPosition: "TRIM_HORIZON",
      MaximumBatchingWindowInSeconds: 1,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 6 * 3600,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [givenUp, "Arn"] } } },
      FilterCriteria: {
        Filters: [
          { Pattern: '{"eventName":["MODIFY"],"dynamodb":{"NewImage":{"row_type":{"S":["batch"]}}}}' },
          { Pattern: '{"eventName":["MODIFY"],"dynamodb":{"NewImage":{"row_type":{"S":["run"]}}}}' },
        ],
      },
    });
  });

  it("leaves out runs that go on where the stage has no webhooks, and hands nothing to a queue of them", () => {
    const { Pipeline } = templatesOf(buildStage("prod", { settings: { webhooks: false } }));
    expect(outcomes(Pipeline)).toEqual([
      expect.stringContaining('"state\\":{\\"S\\":[\\"completed\\",\\"completed_with_failures\\",\\"cancelled\\"]'),
    ]);
    const own = [...functionsOf(Pipeline).values()].find(
      ({ Environment: { Variables } }) => Variables.POWERTOOLS_SERVICE_NAME === "publish-events",
    );
    expect(own?.Environment.Variables.WEBHOOKS_QUEUE_URL).toBe("off");
  });

  it("leaves out batches that no event asked for, where the stage says so", () => {
    expect(outcomes()[0]).not.toContain("system:requests");
    const requested = templatesOf(buildStage("prod", { settings: { product_events: "requested" } })).Pipeline;
    expect(outcomes(requested)).toEqual([expect.stringContaining("system:requests")]);
  });
});

describe("the rules of the bus", () => {
  const rulesOf = (Pipeline = prod) =>
    [...resourcesOf(Pipeline, "AWS::Events::Rule").values()]
      .map(({ Properties }) => Properties)
      .filter(({ EventBusName }) => EventBusName !== undefined);
  const [undelivered] = queueIds("BusUndeliveredEvents");
  const downstream = templatesOf(buildStage("prod", { settings: { downstream_events: true } })).Pipeline;

  it("have a dead-letter queue for every target", () => {
    for (const Pipeline of [prod, downstream]) {
      const targets = rulesOf(Pipeline).flatMap(({ Targets }) => Targets as { DeadLetterConfig?: unknown }[]);
      expect(targets).toHaveLength(2);
      for (const { DeadLetterConfig } of targets) {
        expect(DeadLetterConfig).toEqual({ Arn: { "Fn::GetAtt": [undelivered, "Arn"] } });
      }
    }
  });

  it("send requests of any sender to their queue", () => {
    const [queue] = queueIds("RequestsRequestsQueueMessages");
    prod.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: { "detail-type": ["ProductEnrichmentRequested"] },
      Targets: [{ Arn: { "Fn::GetAtt": [queue, "Arn"] } }],
    });
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: { Ref: functionId("accept-requests") },
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("hand critical failures to react-to-outcomes, and all outcomes of ours where the stage asks other systems", () => {
    const patterns = (Pipeline = prod) =>
      rulesOf(Pipeline)
        .map(({ EventPattern }) => EventPattern as Record<string, unknown>)
        .filter(({ source }) => source !== undefined);
    expect(patterns()).toEqual([
      {
        source: ["enrichline"],
        "detail-type": ["ProductEnrichmentFailed"],
        detail: { data: { error_code: expect.arrayContaining(["DEAD_LETTERED", "UNSTORABLE"]) } },
      },
    ]);
    // None of these is a name that the function itself puts on the bus.
    expect(patterns(downstream)).toEqual([
      { source: ["enrichline"], "detail-type": ["ProductEnriched", "ProductEnrichmentFailed"] },
    ]);
  });

  it("have critical failures mailed to the stage's address", () => {
    const mailed = (Pipeline: typeof prod) =>
      [...resourcesOf(Pipeline, "AWS::SNS::Subscription").values()].map(({ Properties }) => Properties);
    const { Pipeline } = templatesOf(buildStage("prod", { settings: { alarm_email: "ops@example.com" } }));
    const [topic] = [...resourcesOf(Pipeline, "AWS::SNS::Topic").keys()].filter((id) =>
      id.includes("CriticalFailures"),
    );
    expect(mailed(Pipeline)).toEqual([
      expect.objectContaining({ Protocol: "email", Endpoint: "ops@example.com", TopicArn: { Ref: topic } }),
    ]);
    expect(mailed(synthesizedStage("dev").templates.Pipeline)).toEqual([]);
  });

  it("have outcomes wait in a queue where the stage asks other systems, so that a large run takes two workers", () => {
    const [queue] = [...resourcesOf(downstream, "AWS::SQS::Queue").keys()].filter((id) =>
      id.startsWith("ReactionsReactionsQueueMessages"),
    );
    downstream.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: { "detail-type": ["ProductEnriched", "ProductEnrichmentFailed"] },
      Targets: [{ Arn: { "Fn::GetAtt": [queue, "Arn"] } }],
    });
    downstream.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [queue, "Arn"] },
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("keep what react-to-outcomes could not do", () => {
    prod.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: functionId("react-to-outcomes") },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [undelivered, "Arn"] } } },
    });
  });
});
