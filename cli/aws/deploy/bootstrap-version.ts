import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { AwsConfig } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";

/**
 * Version of the CDK's bootstrap stack in the account and region; undefined where there is none.
 * @param parameter where that stack writes it
 * @throws CliError
 */
export const bootstrapVersion = async (config: AwsConfig, parameter: string): Promise<number | undefined> => {
  const client = new SSMClient(config);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
    return Number(Parameter?.Value);
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw awsError(error, "Reading the version of the CDK's bootstrap stack");
  } finally {
    client.destroy();
  }
};
