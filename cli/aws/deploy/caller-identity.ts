import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsConfig } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";

/** Whose AWS credentials are used, and where. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly region: string;
}

/** Asks AWS whose credentials these are. @throws CliError AUTH without valid ones, USAGE without a region */
export const callerIdentity = async (config: AwsConfig): Promise<CallerIdentity> => {
  const client = new STSClient(config);
  try {
    const { Account = "", Arn = "" } = await client.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn, region: await client.config.region() };
  } catch (error) {
    throw awsError(error, "Asking AWS whose credentials these are");
  } finally {
    client.destroy();
  }
};
