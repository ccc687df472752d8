import { fullDiff, ResourceImpact } from "@aws-cdk/cloudformation-diff";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import * as z from "zod";
import type { AssemblyStack } from "../../deploy/assembly.ts";
import { isStateful, type ResourceChange } from "../../deploy/stack-change.ts";
import type { AwsConfig } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";
import { deployedTemplate } from "../deployed-template.ts";
import { describeStack } from "../describe-stack.ts";
import { NEVER_DEPLOYED } from "../failed-first-deploy.ts";

/** Description of the template, which the CDK writes and no resource is. */
const CDK_METADATA = "AWS::CDK::Metadata";
const TemplateSchema = z.record(z.string(), z.unknown());

const ACTIONS: Readonly<Partial<Record<ResourceImpact, ResourceChange["action"]>>> = {
  [ResourceImpact.WILL_CREATE]: "added",
  [ResourceImpact.WILL_IMPORT]: "added",
  [ResourceImpact.WILL_UPDATE]: "changed",
  [ResourceImpact.WILL_REPLACE]: "replaced",
  [ResourceImpact.MAY_REPLACE]: "may be replaced",
  [ResourceImpact.WILL_DESTROY]: "removed",
  [ResourceImpact.WILL_ORPHAN]: "kept",
};

/** Compares a stack with the template that it was deployed from; an empty one where it never was. */
const changesBetween = (
  stack: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ResourceChange[] => {
  const changes: ResourceChange[] = [];
  // The library writes into what it is given.
  const diff = fullDiff(structuredClone(before), structuredClone(after));
  diff.resources.forEachDifference((logicalId, difference) => {
    const type = difference.newResourceType ?? difference.oldResourceType ?? "";
    const found = ACTIONS[difference.changeImpact];
    if (found === undefined || type === CDK_METADATA) return;
    changes.push({
      ...{ stack, logicalId, type, action: found, stateful: isStateful(type) },
      properties: found === "added" ? [] : Object.keys(difference.propertyUpdates),
    });
  });
  return changes;
};

/** The template of a stack now; an empty one where it never was deployed. */
const templateBefore = async (client: CloudFormationClient, name: string): Promise<Record<string, unknown>> => {
  const stack = await describeStack(client, name);
  const isThere = stack && ![...NEVER_DEPLOYED, "REVIEW_IN_PROGRESS"].includes(stack.StackStatus ?? "");
  if (!isThere) return {};
  try {
    return TemplateSchema.parse(await deployedTemplate(client, name));
  } catch (error) {
    throw awsError(error, `Reading the template of stack ${name}`);
  }
};

/** What a deploy would change in the account, stack by stack. @throws CliError AUTH, USAGE or UNAVAILABLE */
export const stackChanges = async (config: AwsConfig, stacks: readonly AssemblyStack[]): Promise<ResourceChange[]> => {
  const client = new CloudFormationClient(config);
  try {
    const changes: ResourceChange[] = [];
    for (const { name, template } of stacks) {
      changes.push(...changesBetween(name, await templateBefore(client, name), template));
    }
    return changes;
  } finally {
    client.destroy();
  }
};
