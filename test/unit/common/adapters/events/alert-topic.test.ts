import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { AlertTopic } from "../../../../../lambdas/common/adapters/events/alert-topic.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

it("an alert has a subject that SNS takes and the message as JSON; a topic that is away is a passing fault", async () => {
  const mock = mockClient(SNSClient);
  const topic = new AlertTopic(new SNSClient({ region: "us-east-1" }), "arn:topic");
  await topic.alert(`Grüße\n${"x".repeat(200)}`, { asin: "B0EXAMPLE1", message: "why" });
  const [call] = mock.commandCalls(PublishCommand);
  const { TopicArn, Subject = "", Message = "" } = call?.args[0].input ?? {};
  expect(TopicArn).toBe("arn:topic");
  expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
  expect(JSON.parse(Message)).toEqual({ asin: "B0EXAMPLE1", message: "why" });
  mock.on(PublishCommand).rejects(Object.assign(new Error("away"), { name: "ThrottledException" }));
  await expect(topic.alert("s", {})).rejects.toThrow(TransientError);
});
