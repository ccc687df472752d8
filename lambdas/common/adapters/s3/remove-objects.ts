import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { settleAll } from "../aws/settle-all.ts";
import { translateS3Error } from "./s3-errors.ts";

/**
 * Removes objects, some at once. After a group with a fault nothing more is begun. Safe to repeat: one that is not there counts
 * as removed.
 * @returns how many are gone, and the first fault: a TransientError when S3 cannot answer, or refuses
 */
export const settleRemovals = async (
  client: S3Client,
  Bucket: string,
  keys: readonly string[],
): Promise<{ readonly removed: number; readonly fault?: unknown }> => {
  const remove = async (Key: string): Promise<void> => {
    try {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    } catch (error) {
      throw translateS3Error(error, `remove ${Key}`);
    }
  };
  const { results, fault } = await settleAll(keys, remove);
  return { removed: results.length, fault };
};

/** Removes objects as `settleRemovals` does. @throws TransientError when S3 cannot answer, or refuses */
export const removeObjects = async (client: S3Client, bucket: string, keys: readonly string[]): Promise<void> => {
  const { fault } = await settleRemovals(client, bucket, keys);
  if (fault !== undefined) throw fault;
};
