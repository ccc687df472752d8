import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { listKeys } from "../../../../../lambdas/common/adapters/s3/list-keys.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const LIST = { bucket: "files", prefix: "catalogs/cat_1/" };

/** A bucket whose pages hold what `sizes` says, one after the other. */
const bucketOf = (keys: readonly string[], sizes: readonly number[]) => {
  const mock = mockClient(S3Client);
  let pages = 0;
  mock.on(ListObjectsV2Command).callsFake(({ Prefix = "", StartAfter = "", ContinuationToken, MaxKeys = 1_000 }) => {
    const after = ContinuationToken ?? StartAfter;
    const found = keys.filter((key) => key.startsWith(Prefix) && key > after);
    const page = found.slice(0, Math.min(MaxKeys, sizes[pages] ?? 2));
    pages += 1;
    const IsTruncated = page.length < found.length;
    return {
      Contents: page.map((Key) => ({ Key })),
      IsTruncated,
      ...(IsTruncated ? { NextContinuationToken: page.at(-1) ?? `${after} ` } : {}),
    };
  });
  return { client: mock as unknown as S3Client, mock };
};

const read = async (client: S3Client, limit?: number): Promise<string[]> => {
  const keys: string[] = [];
  for await (const page of listKeys(client, LIST, limit)) keys.push(...page);
  return keys;
};

const KEYS = Array.from({ length: 9 }, (_, n) => `catalogs/cat_1/${n}`);

describe("the objects of a prefix", () => {
  it.each([[[1]], [[3, 3, 3]], [[2, 0, 4]], [[0, 0, 9]], [[9]]])(
    "are listed to the end over pages of %j",
    async (sizes) => {
      expect(await read(bucketOf([...KEYS, "catalogs/cat_2/0"], sizes).client)).toEqual(KEYS);
    },
  );

  it("end after as many keys as were asked for", async () => {
    const { client, mock } = bucketOf(KEYS, [1, 0, 1, 1]);
    expect(await read(client, 3)).toEqual(KEYS.slice(0, 3));
    expect(mock.commandCalls(ListObjectsV2Command).map((call) => call.args[0].input.MaxKeys)).toEqual([3, 2, 2, 1]);
  });

  it("may go while they are listed", async () => {
    const left = [...KEYS];
    const { client } = bucketOf(left, [2, 2, 2, 2, 2]);
    const seen: string[] = [];
    for await (const page of listKeys(client, LIST)) {
      seen.push(...page);
      left.splice(0, page.length);
    }
    expect(seen).toEqual(KEYS);
  });

  it("fail for now when S3 does", async () => {
    const { client, mock } = bucketOf(KEYS, []);
    mock.on(ListObjectsV2Command).rejects(Object.assign(new Error("slow"), { name: "SlowDown" }));
    await expect(read(client)).rejects.toBeInstanceOf(TransientError);
  });
});
