import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CliError, EXIT } from "../cli-error.ts";
import type { AwsAccess, AwsConfig } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";

/** A deployed stage: where its API is, and what signs people in. */
export interface Deployment extends AwsAccess {
  /** Ends in `/api/v1`. */
  readonly apiUrl: string;
}

const isNoSuchStack = (error: unknown): boolean => error instanceof Error && /does not exist/i.test(error.message);

const outputsOf = async (
  client: CloudFormationClient,
  stage: string,
  part: "Api" | "Data",
): Promise<ReadonlyMap<string, string>> => {
  const StackName = `Enrichline-${stage}-${part}`;
  const answer = await client.send(new DescribeStacksCommand({ StackName })).catch(async (error: unknown) => {
    if (!isNoSuchStack(error)) throw awsError(error, `Reading the stack ${StackName}`);
    const region = await client.config.region();
    throw new CliError(
      EXIT.NOT_FOUND,
      `Stage ${stage} is not deployed in ${region} of this AWS account. Deploy it with: npx cdk deploy --all -c stage=${stage}. If it is deployed elsewhere, name the account with --profile and the region with AWS_REGION.`,
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

const required = (outputs: ReadonlyMap<string, string>, stage: string, key: string): string => {
  const value = outputs.get(key);
  if (value) return value;
  throw new CliError(
    EXIT.NOT_FOUND,
    `Stage ${stage} has no output ${key}: it was deployed by another version. Deploy it again: npx cdk deploy --all -c stage=${stage}`,
  );
};

/**
 * Reads a stage's addresses from the outputs of its stacks. On an emulator (an endpoint is given) the API's address is
 * made from its id, because the emulator's own is not reachable.
 * @throws CliError AUTH without AWS credentials, USAGE without a region, NOT_FOUND when the stage is not deployed
 */
export const readDeployment = async (stage: string, config: AwsConfig): Promise<Deployment> => {
  const client = new CloudFormationClient(config);
  try {
    const [api, data] = await Promise.all([outputsOf(client, stage, "Api"), outputsOf(client, stage, "Data")]);
    const apiUrl = config.endpoint
      ? `${config.endpoint.replace(/\/+$/, "")}/_aws/execute-api/${required(api, stage, "ApiId")}/$default/api/v1`
      : required(api, stage, "ApiUrl");
    return {
      stage,
      config,
      apiUrl,
      userPoolId: required(data, stage, "UserPoolId"),
      clientId: required(data, stage, "UserPoolClientId"),
      secretPrefix: required(data, stage, "SecretPrefix"),
    };
  } finally {
    client.destroy();
  }
};
