import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { RawArchive } from "../../../../../lambdas/common/adapters/s3/raw-archive.ts";

describe("raw archive", () => {
  it("keeps one object per call under source and day", async () => {
    const mock = mockClient(S3Client);
    mock.on(PutObjectCommand).resolves({});
    const archive = new RawArchive(mock as unknown as S3Client, "bucket", () => "id1");
    const key = await archive.put("keepa", "product", "www.amazon.de", "{}", "2026-11-23T12:00:00.000Z");
    expect(key).toBe("raw/keepa/2026-11-23/product-www.amazon.de-id1");
    expect(mock.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({ Bucket: "bucket", Key: key, Body: "{}" });
  });
});
