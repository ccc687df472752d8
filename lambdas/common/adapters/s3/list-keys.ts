import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { translateS3Error } from "./s3-errors.ts";

/** Where to look for objects. */
export interface KeyList {
  readonly bucket: string;
  readonly prefix: string;
  /** Key after which the list begins. @default with the first */
  readonly after?: string | undefined;
}

/** An object of a list. */
export interface ListedObject {
  readonly key: string;
  /** Epoch milliseconds; absent where S3 does not say. */
  readonly modifiedMs?: number;
}

/**
 * Objects below a prefix in the order of their keys, up to 1,000 at a time, to the end; the only place that lists objects. Objects of keys
 * that were given may be removed meanwhile: pages continue by key, so that this moves nothing.
 * @param limit ends the list after so many keys. @default no end
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @throws TransientError when S3 cannot answer, or refuses
 */
export async function* listObjects(
  client: S3Client,
  { bucket, prefix, after }: KeyList,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<ListedObject[]> {
  let place: { StartAfter?: string; ContinuationToken?: string } | undefined =
    after === undefined ? {} : { StartAfter: after };
  let left = limit;
  while (place !== undefined && left > 0) {
    const command: ListObjectsV2Command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ...place,
      ...(left === Number.POSITIVE_INFINITY ? {} : { MaxKeys: left }),
    });
    const answer = await ask(client, command, prefix);
    const objects = (answer.Contents ?? []).flatMap(({ Key, LastModified }) =>
      Key === undefined ? [] : [{ key: Key, ...(LastModified ? { modifiedMs: LastModified.getTime() } : {}) }],
    );
    yield objects;
    left -= objects.length;
    place = nextPlace(answer, objects);
  }
}

/** The keys of `listObjects`. */
export async function* listKeys(client: S3Client, list: KeyList, limit?: number): AsyncGenerator<string[]> {
  for await (const page of listObjects(client, list, limit)) yield page.map(({ key }) => key);
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
  objects: readonly ListedObject[],
) => {
  const last = objects.at(-1)?.key;
  if (!IsTruncated) return undefined;
  if (last !== undefined) return { StartAfter: last };
  return NextContinuationToken === undefined ? undefined : { ContinuationToken: NextContinuationToken };
};
