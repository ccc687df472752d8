import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { translateS3Error } from "./s3-errors.ts";

const PARALLEL_REMOVALS = 20;

/**
 * Removes objects, some at once. Safe to repeat: one that is not there counts as removed.
 * @throws TransientError when S3 cannot answer, or refuses
 */
export const removeObjects = async (client: S3Client, Bucket: string, keys: readonly string[]): Promise<void> => {
  const remove = async (Key: string): Promise<void> => {
    try {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    } catch (error) {
      throw translateS3Error(error, `remove ${Key}`);
    }
  };
  for (let from = 0; from < keys.length; from += PARALLEL_REMOVALS) {
    await Promise.all(keys.slice(from, from + PARALLEL_REMOVALS).map(remove));
  }
};
