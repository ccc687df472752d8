import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { type DataResource, dataResourceOf } from "../../destroy/kept-data.ts";
import type { AwsConfig } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";

/**
 * Everything of a stage that holds data, by the tags that its stacks give: also what stayed when a stack, or a resource of
 * one, went before.
 * @throws CliError
 */
export const findData = async (config: AwsConfig, stage: string): Promise<DataResource[]> => {
  const client = new ResourceGroupsTaggingAPIClient(config);
  const found: DataResource[] = [];
  const TagFilters = [
    { Key: "project", Values: ["enrichline"] },
    { Key: "stage", Values: [stage] },
  ];
  try {
    for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, { TagFilters })) {
      for (const { ResourceARN = "" } of ResourceTagMappingList) {
        const resource = dataResourceOf(ResourceARN);
        if (resource) found.push(resource);
      }
    }
    return found;
  } catch (error) {
    throw awsError(error, `Looking for what stage ${stage} keeps`);
  } finally {
    client.destroy();
  }
};
