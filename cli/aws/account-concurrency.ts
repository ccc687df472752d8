import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { AwsAccess, AwsConfig } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";
import { stackOutputs } from "./stack-outputs.ts";

/** How many functions the account runs at once, and how many a stage may need. */
export interface AccountConcurrency {
  readonly region: string;
  /** The account's quota in this region, over all its functions. */
  readonly quota: number;
  /** What is left of it beside what single functions reserved for themselves. */
  readonly unreserved: number;
  /** What the stage takes when all its workers are busy, with room for the API. Null: deployed by an earlier version. */
  readonly needed: number | null;
}

/** Reads the quota of an account. @throws CliError AUTH, USAGE or UNAVAILABLE */
export const readAccountQuota = async (config: AwsConfig): Promise<Omit<AccountConcurrency, "needed">> => {
  const lambda = new LambdaClient(config);
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const quota = AccountLimit?.ConcurrentExecutions ?? 0;
    return {
      region: await lambda.config.region(),
      quota,
      unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? quota,
    };
  } catch (error) {
    throw awsError(error, "Reading the account's concurrency quota");
  } finally {
    lambda.destroy();
  }
};

/** Reads the quota of the account that a stage is deployed in, and what the stage takes. @throws CliError AUTH, USAGE or UNAVAILABLE */
export const readAccountConcurrency = async ({
  stage,
  config,
}: Pick<AwsAccess, "stage" | "config">): Promise<AccountConcurrency> => {
  const cloudFormation = new CloudFormationClient(config);
  try {
    const [quota, outputs] = await Promise.all([
      readAccountQuota(config),
      stackOutputs(cloudFormation, stage, "Pipeline"),
    ]);
    const needed = outputs.get("ConcurrencyNeeded");
    return { ...quota, needed: needed === undefined ? null : Number(needed) };
  } finally {
    cloudFormation.destroy();
  }
};
