import { AccountRootPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Topic } from "aws-cdk-lib/aws-sns";

/**
 * Leaves it to the rights of roles who may publish to a topic. Without a policy of its own SNS gives a topic one that lets
 * everything in the account publish, change and delete it.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export const publishByRights = (topic: Topic): void => {
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AccountRootPrincipal()],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
    }),
  );
};
