import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeUserPoolCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { monthlyDollars } from "../../../lambdas/common/core/cost/list-prices.ts";
import type { DataResource, MeasuredResource } from "../../destroy/kept-data.ts";
import { formatBytes } from "../../output/format-bytes.ts";
import type { AwsConfig } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";
import { type DataServices, isGone, withDataServices } from "./data-services.ts";

type Measure = Pick<MeasuredResource, "holds" | "usd">;

const GIGABYTE = 1024 ** 3;
/** Objects that are counted: ten pages, after which "more than" is enough to know. */
const MAX_OBJECTS = 10_000;

const plural = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

const measureBucket = async (client: DataServices["buckets"], Bucket: string): Promise<Measure> => {
  let objects = 0;
  let bytes = 0;
  for await (const { Contents = [], IsTruncated } of paginateListObjectsV2({ client }, { Bucket })) {
    objects += Contents.length;
    for (const { Size = 0 } of Contents) bytes += Size;
    if (IsTruncated && objects >= MAX_OBJECTS) {
      return {
        holds: `more than ${plural(objects, "object")}, ${formatBytes(bytes)}`,
        usd: monthlyDollars("objectGigabyte", bytes / GIGABYTE),
      };
    }
  }
  return {
    holds: `${plural(objects, "object")}, ${formatBytes(bytes)}`,
    usd: monthlyDollars("objectGigabyte", bytes / GIGABYTE),
  };
};

const measureQueue = async (client: DataServices["queues"], QueueName: string): Promise<Measure> => {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
      ],
    }),
  );
  const messages = Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
  return { holds: plural(messages, "message"), usd: 0 };
};

const MEASURES: Readonly<Record<DataResource["kind"], (services: DataServices, id: string) => Promise<Measure>>> = {
  table: async ({ tables }, TableName) => {
    const { Table } = await tables.send(new DescribeTableCommand({ TableName }));
    const bytes = Table?.TableSizeBytes ?? 0;
    // DynamoDB counts every six hours or so.
    return {
      holds: `about ${plural(Table?.ItemCount ?? 0, "item")}, ${formatBytes(bytes)}`,
      usd: monthlyDollars("tableGigabyte", bytes / GIGABYTE),
    };
  },
  bucket: ({ buckets }, id) => measureBucket(buckets, id),
  "user pool": async ({ pools }, UserPoolId) => {
    const { UserPool } = await pools.send(new DescribeUserPoolCommand({ UserPoolId }));
    return { holds: `about ${plural(UserPool?.EstimatedNumberOfUsers ?? 0, "user")}`, usd: 0 };
  },
  secret: async ({ secrets }, SecretId) => {
    const { DeletedDate } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    return DeletedDate === undefined
      ? { holds: "credentials or a key", usd: monthlyDollars("secret") }
      : { holds: "nothing that can be read: it is being deleted", usd: 0 };
  },
  queue: ({ queues }, id) => measureQueue(queues, id),
  "log group": async ({ logs }, logGroupNamePrefix) => {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
    const bytes = logGroups.find(({ logGroupName }) => logGroupName === logGroupNamePrefix)?.storedBytes ?? 0;
    return { holds: formatBytes(bytes), usd: monthlyDollars("logGigabyte", bytes / GIGABYTE) };
  },
};

/**
 * Says how much each resource holds and what that costs. What is no longer there is left out.
 * @param goes ids of what its stack takes along
 * @throws CliError
 */
export const measureData = (
  config: AwsConfig,
  resources: readonly DataResource[],
  goes: ReadonlySet<string>,
): Promise<MeasuredResource[]> =>
  withDataServices(config, async (services) => {
    const measured: MeasuredResource[] = [];
    for (const resource of resources) {
      try {
        const measure = await MEASURES[resource.kind](services, resource.id);
        const isTaken = [...goes].some(
          (id) => id === resource.id || id === resource.arn || id.endsWith(`/${resource.id}`),
        );
        measured.push({ ...resource, ...measure, leavesWithStack: isTaken });
      } catch (error) {
        if (!isGone(error)) throw awsError(error, `Reading ${resource.kind} ${resource.id}`);
      }
    }
    return measured;
  });
