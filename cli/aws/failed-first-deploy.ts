import { CloudFormationClient, UpdateTerminationProtectionCommand } from "@aws-sdk/client-cloudformation";
import type { AwsConfig } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";
import { describeStack } from "./describe-stack.ts";
import { stackName } from "./stack-name.ts";

/** States of a stack whose first deploy was rolled back. It can only be deleted, which the next deploy does. */
export const NEVER_DEPLOYED: readonly string[] = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"];

/**
 * Whether the first deploy of a stage was rolled back, and left the stack that keeps its data protected from deletion.
 * @throws CliError AUTH, USAGE or UNAVAILABLE
 */
export const hasFailedFirstDeploy = async (stage: string, config: AwsConfig): Promise<boolean> => {
  const client = new CloudFormationClient(config);
  try {
    const stack = await describeStack(client, stackName(stage, "Data"));
    return stack?.EnableTerminationProtection === true && NEVER_DEPLOYED.includes(stack.StackStatus ?? "");
  } finally {
    client.destroy();
  }
};

/**
 * Lifts the protection from deletion of the stack that keeps a stage's data: for the next deploy, which deletes the stack if
 * its first deploy was rolled back and it has never held anything, and for a destroy.
 * @throws CliError AUTH, USAGE or UNAVAILABLE
 */
export const unlockDataStack = async (stage: string, config: AwsConfig): Promise<void> => {
  const StackName = stackName(stage, "Data");
  const client = new CloudFormationClient(config);
  try {
    await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  } catch (error) {
    throw awsError(error, `Preparing the stack ${StackName}`);
  } finally {
    client.destroy();
  }
};
