import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import { pause } from "../../api/poll.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { TemplateSchema } from "../../deploy/assembly.ts";
import type { Io } from "../../output/io.ts";
import type { AwsConfig } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";
import { deployedTemplate } from "../deployed-template.ts";
import { describeStack } from "../describe-stack.ts";
import { unlockDataStack } from "../failed-first-deploy.ts";
import { type StackPart, stackName } from "../stack-name.ts";

/**
 * The stacks of a stage in the order in which they may go: the network after all functions, and the one that keeps data last. A network
 * is there after `vpc` was switched off, too.
 */
export const STACK_PARTS: readonly StackPart[] = ["Monitoring", "Api", "Shop", "Pipeline", "Network", "Data"];

/** A stack that is there. */
export interface StageStack {
  readonly name: string;
  /** By which it is found when its name is free again. */
  readonly id: string;
  readonly protected: boolean;
}

const POLL_MS = 5_000;
/** Half an hour, after which something is wrong. */
const MAX_POLLS = 360;

/** Which stacks of the stage are there. @throws CliError */
export const findStacks = async (config: AwsConfig, stage: string): Promise<StageStack[]> => {
  const client = new CloudFormationClient(config);
  try {
    const found: StageStack[] = [];
    for (const part of STACK_PARTS) {
      const name = stackName(stage, part);
      const stack = await describeStack(client, name);
      if (!stack || stack.StackStatus === "DELETE_COMPLETE") continue;
      found.push({ name, id: stack.StackId ?? name, protected: stack.EnableTerminationProtection ?? false });
    }
    return found;
  } finally {
    client.destroy();
  }
};

/** Ids of what goes with its stack; everything else that holds data stays. @throws CliError */
export const findWhatGoes = async (config: AwsConfig, stacks: readonly StageStack[]): Promise<ReadonlySet<string>> => {
  const client = new CloudFormationClient(config);
  const goes = new Set<string>();
  try {
    for (const { name } of stacks) {
      const { Resources } = TemplateSchema.parse(await deployedTemplate(client, name));
      for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: name })) {
        for (const { LogicalResourceId = "", PhysicalResourceId = "" } of StackResourceSummaries) {
          const policy = Resources[LogicalResourceId]?.DeletionPolicy ?? "Delete";
          if (policy === "Delete" && PhysicalResourceId !== "") goes.add(PhysicalResourceId);
        }
      }
    }
    return goes;
  } catch (error) {
    throw awsError(error, "Reading what the stacks hold");
  } finally {
    client.destroy();
  }
};

/** Why a stack could not be deleted, in AWS's words. */
const reasonsOf = async (client: CloudFormationClient, StackName: string): Promise<string> => {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  const reasons = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === "DELETE_FAILED").map(
    ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`,
  );
  return reasons.join("; ") || "AWS gives no reason";
};

const waitUntilGone = async (io: Io, client: CloudFormationClient, { name, id }: StageStack): Promise<void> => {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const stack = await describeStack(client, id);
    if (!stack || stack.StackStatus === "DELETE_COMPLETE") return;
    if (stack.StackStatus === "DELETE_FAILED") {
      throw new CliError(
        EXIT.UNAVAILABLE,
        `Stack ${name} could not be deleted: ${await reasonsOf(client, id)}. Correct that, then run the same command again; it continues.`,
      );
    }
    if (io.interrupted.aborted) break;
    await pause(io, POLL_MS);
  }
  if (io.interrupted.aborted) {
    throw new CliError(
      EXIT.INTERRUPTED,
      `Interrupted. AWS deletes stack ${name} all the same; run the same command again to continue.`,
    );
  }
  throw new CliError(
    EXIT.UNAVAILABLE,
    `Stack ${name} is still being deleted after half an hour. Run the same command again to continue.`,
  );
};

/** Deletes stacks one after another, and waits for each. @throws CliError where one stays, INTERRUPTED on Ctrl-C */
export const deleteStacks = async (
  io: Io,
  config: AwsConfig,
  stage: string,
  stacks: readonly StageStack[],
): Promise<void> => {
  const client = new CloudFormationClient(config);
  try {
    for (const stack of stacks) {
      io.err(`Deleting stack ${stack.name} …\n`);
      if (stack.protected) await unlockDataStack(stage, config);
      await client.send(new DeleteStackCommand({ StackName: stack.name }));
      await waitUntilGone(io, client, stack);
    }
  } catch (error) {
    throw awsError(error, "Deleting the stacks");
  } finally {
    client.destroy();
  }
};
