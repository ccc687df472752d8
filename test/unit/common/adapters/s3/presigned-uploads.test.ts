import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { PresignedUploads } from "../../../../../lambdas/common/adapters/s3/presigned-uploads.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI", sessionToken: "token" };
const config = { region: "eu-central-1", credentials, requestChecksumCalculation: "WHEN_REQUIRED" as const };
const upload = { key: "uploads/cat_0123456789abcdef", contentType: "text/csv", contentLength: 1234 };

describe("a presigned address", () => {
  it("names the bucket's own host on AWS", async () => {
    const { url } = await new PresignedUploads(new S3Client(config), "files").sign(upload);
    const { protocol, host, pathname } = new URL(url);
    expect([protocol, host, pathname]).toEqual([
      "https:",
      "files.s3.eu-central-1.amazonaws.com",
      "/uploads/cat_0123456789abcdef",
    ]);
  });

  it("has the bucket in its path when the endpoint is an emulator's", async () => {
    const client = new S3Client({ ...config, endpoint: "http://127.0.0.1:4566" });
    const { url } = await new PresignedUploads(client, "files").sign(upload);
    expect(url.split("?")[0]).toBe("http://127.0.0.1:4566/files/uploads/cat_0123456789abcdef");
  });

  it("holds for an hour, for this length and type only, and for any content of it", async () => {
    const { url, headers } = await new PresignedUploads(new S3Client(config), "files").sign(upload);
    const { searchParams } = new URL(url);
    expect(searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-type;host");
    expect(searchParams.get("X-Amz-Expires")).toBe("3600");
    expect(headers).toEqual({ "content-type": "text/csv", "content-length": "1234" });
    // A checksum would be the one of the empty body that was signed.
    expect([...searchParams.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
  });

  it("has another signature for another length or type", async () => {
    const uploads = new PresignedUploads(new S3Client({ ...config, systemClockOffset: 0 }), "files");
    const signature = async (changes: object) =>
      new URL((await uploads.sign({ ...upload, ...changes })).url).searchParams.get("X-Amz-Signature");
    const all = await Promise.all([{}, { contentLength: 1235 }, { contentType: "text/plain" }].map(signature));
    expect(new Set(all).size).toBe(3);
  });
});
