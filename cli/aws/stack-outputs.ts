import { type CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CliError, EXIT } from "../cli-error.ts";
import { awsError } from "./aws-error.ts";

/** Whether CloudFormation said that there is no such stack. */
export const isNoSuchStack = (error: unknown): boolean =>
  error instanceof Error && /does not exist/i.test(error.message);

/**
 * The outputs of one stack of a stage.
 * @throws CliError NOT_FOUND when the stage is not deployed, AUTH without AWS credentials, USAGE without a region
 */
export const stackOutputs = async (
  client: CloudFormationClient,
  stage: string,
  part: "Api" | "Data" | "Pipeline",
): Promise<ReadonlyMap<string, string>> => {
  const StackName = `Enrichline-${stage}-${part}`;
  const answer = await client.send(new DescribeStacksCommand({ StackName })).catch(async (error: unknown) => {
    if (!isNoSuchStack(error)) throw awsError(error, `Reading the stack ${StackName}`);
    const region = await client.config.region();
    throw new CliError(
      EXIT.NOT_FOUND,
      `Stage ${stage} is not deployed in ${region} of this AWS account. Deploy it with: npx enrichline deploy --stage ${stage}. If it is deployed elsewhere, name the account with --profile and the region with AWS_REGION.`,
      { cause: error },
    );
  });
  const outputs = answer.Stacks?.[0]?.Outputs ?? [];
  return new Map(
    outputs.flatMap(({ OutputKey, OutputValue }) =>
      OutputKey && OutputValue ? [[OutputKey, OutputValue] as const] : [],
    ),
  );
};
