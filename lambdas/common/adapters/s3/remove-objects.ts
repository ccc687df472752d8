import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { translateS3Error } from "./s3-errors.ts";

const PARALLEL_REMOVALS = 20;

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
  let removed = 0;
  for (let from = 0; from < keys.length; from += PARALLEL_REMOVALS) {
    const settled = await Promise.allSettled(keys.slice(from, from + PARALLEL_REMOVALS).map(remove));
    removed += settled.filter(({ status }) => status === "fulfilled").length;
    const failed = settled.find((one) => one.status === "rejected");
    if (failed) return { removed, fault: failed.reason };
  }
  return { removed };
};

/** Removes objects as `settleRemovals` does. @throws TransientError when S3 cannot answer, or refuses */
export const removeObjects = async (client: S3Client, bucket: string, keys: readonly string[]): Promise<void> => {
  const { fault } = await settleRemovals(client, bucket, keys);
  if (fault !== undefined) throw fault;
};
