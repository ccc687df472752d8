import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { boundedText } from "../../core/text/bounded-text.ts";
import { QUICK_LIMITS, within } from "../aws/client-limits.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/** SNS takes subjects of fewer than 100 characters, ASCII only. @see Publish in the SNS API */
const MAX_SUBJECT = 99;

/** The client of SNS; in a file of its own, so that other functions do not carry it. */
export const createTopicClient = (limits = QUICK_LIMITS): SNSClient => new SNSClient(within(limits));

/** A topic whose subscribers are people and what calls them. */
export class AlertTopic {
  readonly #client: Pick<SNSClient, "send">;
  readonly #arn: string;

  constructor(client: Pick<SNSClient, "send">, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  /** Sends an alert. @throws TransientError */
  async alert(subject: string, message: Readonly<Record<string, string>>): Promise<void> {
    const Subject = boundedText(subject.replace(/[^\x20-\x7e]+/g, " "), MAX_SUBJECT);
    const Message = JSON.stringify(message, null, 2);
    await withSdkErrors("sending an alert", () =>
      this.#client.send(new PublishCommand({ TopicArn: this.#arn, Subject, Message })),
    );
  }
}
