import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { translateS3Error } from "./s3-errors.ts";

/** Where to look for objects. */
export interface KeyList {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Keys below a prefix in order, up to 1,000 at a time, to the end; the only place that lists objects. Objects of keys
 * that were given may be removed meanwhile: pages continue by key, so that this moves nothing.
 * @param limit ends the list after so many keys. @default no end
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @throws TransientError when S3 cannot answer, or refuses
 */
export async function* listKeys(
  client: S3Client,
  { bucket, prefix }: KeyList,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<string[]> {
  let place: { StartAfter?: string; ContinuationToken?: string } | undefined = {};
  let left = limit;
  while (place !== undefined && left > 0) {
    const command: ListObjectsV2Command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ...place,
      ...(left === Number.POSITIVE_INFINITY ? {} : { MaxKeys: left }),
    });
    const answer = await ask(client, command, prefix);
    const keys = (answer.Contents ?? []).flatMap(({ Key }) => Key ?? []);
    yield keys;
    left -= keys.length;
    place = nextPlace(answer, keys);
  }
}

const ask = async (client: S3Client, command: ListObjectsV2Command, prefix: string) => {
  try {
    return await client.send(command);
  } catch (error) {
    throw translateS3Error(error, `list ${prefix}`);
  }
};

/** A page may be empty although more follows; then the list itself says where it continues. */
const nextPlace = (
  { IsTruncated = false, NextContinuationToken }: ListObjectsV2CommandOutput,
  keys: readonly string[],
) => {
  const last = keys.at(-1);
  if (!IsTruncated) return undefined;
  if (last !== undefined) return { StartAfter: last };
  return NextContinuationToken === undefined ? undefined : { ContinuationToken: NextContinuationToken };
};
