import { SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { clientConfig } from "../../../../local/aws-environment.ts";

/** A queue that subscribes to a topic, as a subscriber makes one. */
export interface NoticeQueue {
  readonly url: string;
  /** Unsubscribes and removes it. */
  close(): Promise<void>;
}

/** Subscribes a new queue to a topic. Without a policy of its own a queue takes nothing from SNS, on AWS as here. */
export const openNoticeQueue = async (emulatorUrl: string, topicArn: string): Promise<NoticeQueue> => {
  const config = clientConfig(emulatorUrl);
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `notices-${Date.now()}` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  const queueArn = Attributes?.QueueArn;
  const allow = {
    ...{ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: queueArn },
    Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      ...{ TopicArn: topicArn, Protocol: "sqs", Endpoint: queueArn, ReturnSubscriptionArn: true },
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  return {
    url,
    close: async () => {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
      for (const client of [sqs, sns]) client.destroy();
    },
  };
};
