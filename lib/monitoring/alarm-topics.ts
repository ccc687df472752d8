import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";

/** CloudWatch when it acts for the alarms of this account: nobody else's alarm can use our key or our topics. */
const cloudWatchOfAccount = (scope: Construct): ServicePrincipal =>
  new ServicePrincipal("cloudwatch.amazonaws.com", {
    conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
  });

/**
 * The two ways to be notified of an alarm, encrypted: `page` to put a pager on, `notice` to read. The stage's address gets
 * both.
 */
export class AlarmTopics extends Construct {
  readonly page: Topic;
  readonly notice: Topic;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    // A key of our own: CloudWatch may not use the one that AWS manages for SNS.
    const key = new Key(this, "Key", {
      description: `Alarm topics of Enrichline stage ${config.stage}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatchOfAccount(this)],
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        // In a key policy the resource is the key itself.
        resources: ["*"],
      }),
    );
    this.page = this.#topic("Page", key, config);
    this.notice = this.#topic("Notice", key, config);
  }

  #topic(id: string, masterKey: Key, config: StageConfig): Topic {
    const topic = new Topic(this, id, {
      masterKey,
      // The emulator speaks plain HTTP.
      enforceSSL: !config.disposable,
      displayName: `Enrichline ${config.stage} ${id.toLowerCase()}`,
    });
    if (config.alarm_email !== undefined) topic.addSubscription(new EmailSubscription(config.alarm_email));
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatchOfAccount(this)],
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
      }),
    );
    return topic;
  }
}
