import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CliError, EXIT } from "../cli-error.ts";
import type { AwsAccess, AwsConfig } from "./aws-access.ts";
import { stackOutputs } from "./stack-outputs.ts";

/** A deployed stage: where its API is, and what signs people in. */
export interface Deployment extends AwsAccess {
  /** Ends in `/api/v1`. */
  readonly apiUrl: string;
}

const required = (outputs: ReadonlyMap<string, string>, stage: string, key: string): string => {
  const value = outputs.get(key);
  if (value) return value;
  throw new CliError(
    EXIT.NOT_FOUND,
    `Stage ${stage} has no output ${key}: it was deployed by another version. Deploy it again: npx enrichline deploy --stage ${stage}`,
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
    const [api, data] = await Promise.all([stackOutputs(client, stage, "Api"), stackOutputs(client, stage, "Data")]);
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
