import { CloudFormationClient, UpdateTerminationProtectionCommand } from "@aws-sdk/client-cloudformation";
import type { AwsConfig } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";
import { describeStack } from "./describe-stack.ts";

/** States of a stack whose first deploy was rolled back. It can only be deleted, which the next deploy does. */
const NEVER_DEPLOYED: readonly string[] = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"];

/**
 * Lets the next deploy delete the stack that keeps a stage's data, if its first deploy was rolled back: it is protected
 * from deletion from its creation on, and has never held anything.
 * @returns whether there was such a stack
 * @throws CliError AUTH, USAGE or UNAVAILABLE
 */
export const unlockFailedFirstDeploy = async (stage: string, config: AwsConfig): Promise<boolean> => {
  const StackName = `Enrichline-${stage}-Data`;
  const client = new CloudFormationClient(config);
  try {
    const stack = await describeStack(client, StackName);
    if (!stack?.EnableTerminationProtection || !NEVER_DEPLOYED.includes(stack.StackStatus ?? "")) return false;
    await client
      .send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }))
      .catch((error: unknown) => {
        throw awsError(error, `Preparing the stack ${StackName}`);
      });
    return true;
  } finally {
    client.destroy();
  }
};
