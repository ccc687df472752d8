import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CliError, EXIT } from "../cli-error.ts";
import { describeStack } from "./describe-stack.ts";
import { stackName } from "./stack-name.ts";

/**
 * The outputs of one stack of a stage.
 * @throws CliError NOT_FOUND when the stage is not deployed, AUTH without AWS credentials, USAGE without a region
 */
export const stackOutputs = async (
  client: CloudFormationClient,
  stage: string,
  part: "Api" | "Data" | "Pipeline",
): Promise<ReadonlyMap<string, string>> => {
  const stack = await describeStack(client, stackName(stage, part));
  if (!stack) {
    const region = await client.config.region();
    throw new CliError(
      EXIT.NOT_FOUND,
      `Stage ${stage} is not deployed in ${region} of this AWS account. Deploy it with: npx enrichline deploy --stage ${stage}. If it is deployed elsewhere, name the account with --profile and the region with AWS_REGION.`,
    );
  }
  const outputs = stack.Outputs ?? [];
  return new Map(
    outputs.flatMap(({ OutputKey, OutputValue }) =>
      OutputKey && OutputValue ? [[OutputKey, OutputValue] as const] : [],
    ),
  );
};
