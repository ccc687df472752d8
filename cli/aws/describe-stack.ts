import { type CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import { awsError } from "./aws-error.ts";

const isNoSuchStack = (error: unknown): boolean => error instanceof Error && /does not exist/i.test(error.message);

/**
 * Describes one stack by its name; undefined when there is none.
 * @throws CliError AUTH, USAGE or UNAVAILABLE
 */
export const describeStack = async (client: CloudFormationClient, stackName: string): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0];
  } catch (error) {
    if (isNoSuchStack(error)) return undefined;
    throw awsError(error, `Reading the stack ${stackName}`);
  }
};
