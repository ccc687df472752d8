import { Match } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { functionsOf, resourcesOf, statementsOf } from "../stage/resources.ts";
import { buildStage, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Shop;
const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const idOf = (type: string, part: string): string =>
  [...resourcesOf(prod, type).keys()].find((id) => id.startsWith(part)) ?? "";

it.each(["CaptionParsedQueue", "ThumbnailGeneratedQueue"])(
  "%s feeds assemble-product, hides messages for six timeouts and gives up to its own DLQ",
  (queue) => {
    const [functionId] = [...functionsOf(prod).keys()].filter((id) => id.startsWith("AssembleProduct"));
    const source = idOf("AWS::SQS::Queue", `${queue}Messages`);
    prod.hasResourceProperties("AWS::SQS::Queue", {
      SqsManagedSseEnabled: true,
      ReceiveMessageWaitTimeSeconds: 20,
      MessageRetentionPeriod: 14 * 24 * 3600,
      VisibilityTimeout: 6 * 30,
      RedrivePolicy: {
        deadLetterTargetArn: arn(idOf("AWS::SQS::Queue", `${queue}DeadLetters`)),
        maxReceiveCount: 5,
      },
    });
    prod.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arn(source),
      FunctionName: { Ref: functionId },
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  },
);

it("calls the sweep every hour, and repeats no call that failed", () => {
  prod.hasResourceProperties("AWS::Scheduler::Schedule", {
    ScheduleExpression: "rate(1 hour)",
    Target: Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 600 } }),
  });
});

it("announces each new product, and no other change, by a pipe that may do nothing else", () => {
  prod.hasResourceProperties("AWS::Pipes::Pipe", {
    SourceParameters: {
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      DynamoDBStreamParameters: Match.objectLike({
        StartingPosition: "TRIM_HORIZON",
        OnPartialBatchItemFailure: "AUTOMATIC_BISECT",
        DeadLetterConfig: { Arn: arn(idOf("AWS::SQS::Queue", "ProductNoticesUndelivered")) },
      }),
    },
  });
  const own = statementsOf(prod, "ProductNotices");
  expect(own.flatMap(({ Action }) => Action).sort()).toEqual([
    ...["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
    ...["sns:Publish", "sqs:SendMessage"],
  ]);
  const silent = templatesOf(buildStage("prod", { settings: { shop_topic: false } })).Shop;
  silent.resourceCountIs("AWS::Pipes::Pipe", 0);
  silent.resourceCountIs("AWS::SNS::Topic", 0);
});

it("is there only where the stage has the shop line, and its data in any case", () => {
  const { Shop, Data } = templatesOf(buildStage("dev"));
  expect(Shop.toJSON()).toEqual({ Resources: {} });
  Data.hasResourceProperties("AWS::DynamoDB::Table", { StreamSpecification: { StreamViewType: "NEW_IMAGE" } });
});
