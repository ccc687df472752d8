import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteUserPoolCommand, UpdateUserPoolCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DeleteTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { DeleteSecretCommand } from "@aws-sdk/client-secrets-manager";
import { DeleteQueueCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { CliError, EXIT } from "../../cli-error.ts";
import type { DataResource } from "../../destroy/kept-data.ts";
import type { Io } from "../../output/io.ts";
import type { AwsConfig } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";
import { type DataServices, isGone, withDataServices } from "./data-services.ts";

const RETRY_MS = 2_000;
/** A minute; a table is changed within seconds. */
const MAX_TRIES = 30;

const stopIfInterrupted = (io: Io): void => {
  if (io.interrupted.aborted) {
    throw new CliError(
      EXIT.INTERRUPTED,
      "Interrupted. What was deleted stays deleted; run the same command again to continue.",
    );
  }
};

const deleteTable = async (io: Io, client: DataServices["tables"], TableName: string): Promise<void> => {
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new DeleteTableCommand({ TableName }));
      return;
    } catch (error) {
      // It is still being changed.
      const isBusy = error instanceof Error && error.name === "ResourceInUseException";
      if (!isBusy || attempt === MAX_TRIES) throw error;
      await io.sleep(RETRY_MS, io.interrupted).catch(() => stopIfInterrupted(io));
    }
  }
};

/** Empties a bucket page by page, then deletes it. */
const deleteBucket = async (io: Io, client: DataServices["buckets"], Bucket: string): Promise<void> => {
  let deleted = 0;
  for (;;) {
    stopIfInterrupted(io);
    // Always the first page: what it lists is gone before the next one is asked for.
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    const [first] = Errors;
    if (first)
      throw new Error(`${Errors.length} objects stay, such as ${first.Key}: ${first.Code} ${first.Message ?? ""}`);
    deleted += Objects.length;
    io.err(`  ${deleted.toLocaleString("en")} objects of ${Bucket} deleted\n`);
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
};

const DELETES: Readonly<
  Record<DataResource["kind"], (io: Io, services: DataServices, id: string) => Promise<unknown>>
> = {
  table: (io, { tables }, id) => deleteTable(io, tables, id),
  bucket: (io, { buckets }, id) => deleteBucket(io, buckets, id),
  "user pool": async (_io, { pools }, UserPoolId) => {
    await pools.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: "INACTIVE" }));
    return pools.send(new DeleteUserPoolCommand({ UserPoolId }));
  },
  // Without a time to think again, because its name would be taken for a month.
  secret: (_io, { secrets }, SecretId) =>
    secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })),
  queue: async (_io, { queues }, QueueName) => {
    const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName }));
    return queues.send(new DeleteQueueCommand({ QueueUrl }));
  },
  "log group": (_io, { logs }, logGroupName) => logs.send(new DeleteLogGroupCommand({ logGroupName })),
};

/** Something that could not be deleted, and why. */
export interface NotDeleted {
  readonly kind: DataResource["kind"];
  readonly id: string;
  readonly problem: string;
}

/**
 * Deletes data for good, one resource after another. What cannot be deleted does not hold up the rest; what is gone already
 * counts as deleted.
 * @throws CliError INTERRUPTED on Ctrl-C
 */
export const deleteData = (io: Io, config: AwsConfig, resources: readonly DataResource[]): Promise<NotDeleted[]> =>
  withDataServices(config, async (services) => {
    const left: NotDeleted[] = [];
    for (const { kind, id } of resources) {
      stopIfInterrupted(io);
      io.err(`Deleting ${kind} ${id} …\n`);
      try {
        await DELETES[kind](io, services, id);
      } catch (error) {
        if (error instanceof CliError) throw error;
        if (!isGone(error)) left.push({ kind, id, problem: awsError(error, `Deleting ${kind} ${id}`).message });
      }
    }
    return left;
  });
