import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { ExportDownloads } from "../../../../../../lambdas/common/adapters/s3/exports/export-downloads.ts";
import { ExportObjects } from "../../../../../../lambdas/common/adapters/s3/exports/export-objects.ts";
import { ExportQueue } from "../../../../../../lambdas/common/adapters/sqs/export-queue.ts";
import { NotFoundError, TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { UploadGoneError } from "../../../../../../lambdas/common/core/exports/upload-gone-error.ts";

const s3 = mockClient(S3Client);
const sqs = mockClient(SQSClient);
const objects = new ExportObjects(new S3Client({ region: "us-east-1" }), "bucket");
const named = (name: string) => Object.assign(new Error(name), { name });

beforeEach(() => {
  s3.reset();
  sqs.reset();
});

describe("the objects of an export", () => {
  it("are read by ranges; past the end there is nothing", async () => {
    s3.on(GetObjectCommand)
      .rejectsOnce(named("InvalidRange"))
      .rejectsOnce(named("NoSuchKey"))
      .rejects(named("SlowDown"));
    expect(await objects.readRange("k", 100, 50)).toHaveLength(0);
    expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).toMatchObject({ Range: "bytes=100-149" });
    await expect(objects.readRange("k", 0, 1)).rejects.toBeInstanceOf(NotFoundError);
    await expect(objects.read("k")).rejects.toBeInstanceOf(TransientError);
  });

  it("are missing also where S3 does not say so to who may not list", async () => {
    s3.on(GetObjectCommand)
      .rejectsOnce(named("NoSuchKey"))
      .rejects(new S3ServiceException({ name: "403", $fault: "client", $metadata: { httpStatusCode: 403 } }));
    await expect(objects.read("k")).rejects.toBeInstanceOf(NotFoundError);
    await expect(objects.read("k")).rejects.toBeInstanceOf(NotFoundError);
  });

  it("are written in parts, each kept with its checksum", async () => {
    s3.on(CreateMultipartUploadCommand).resolves({ UploadId: "u" });
    s3.on(UploadPartCommand).resolves({ ETag: "e", ChecksumCRC32: "c" });
    s3.on(CompleteMultipartUploadCommand).resolves({});
    expect(await objects.startUpload("k", "text/csv")).toBe("u");
    expect(s3.commandCalls(CreateMultipartUploadCommand)[0]?.args[0].input).toMatchObject({
      ChecksumAlgorithm: "CRC32",
    });
    const part = await objects.uploadPart("k", "u", 1, Buffer.from("x"));
    await objects.completeUpload("k", "u", [part, { number: 2, etag: "f", checksum: null }]);
    expect(s3.commandCalls(CompleteMultipartUploadCommand)[0]?.args[0].input).toEqual({
      Bucket: "bucket",
      Key: "k",
      UploadId: "u",
      MultipartUpload: {
        Parts: [
          { PartNumber: 1, ETag: "e", ChecksumCRC32: "c" },
          { PartNumber: 2, ETag: "f" },
        ],
      },
    });
  });

  it("that are complete already are complete again; those that never can be say so", async () => {
    s3.on(CompleteMultipartUploadCommand).rejects(named("NoSuchUpload"));
    const missing = new S3ServiceException({ name: "403", $fault: "client", $metadata: { httpStatusCode: 403 } });
    s3.on(HeadObjectCommand).resolvesOnce({}).rejects(missing);
    await objects.completeUpload("k", "u", []);
    await expect(objects.completeUpload("k", "u", [])).rejects.toBeInstanceOf(UploadGoneError);
    s3.on(UploadPartCommand).rejects(named("NoSuchUpload"));
    await expect(objects.uploadPart("k", "u", 1, Buffer.from("x"))).rejects.toBeInstanceOf(UploadGoneError);
  });
});

it("a download address is signed for its time and carries the file name", async () => {
  const client = new S3Client({ region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
  const url = new URL(
    await new ExportDownloads(client, "bucket").urlOf({ object_key: "exports/x", file_name: "ü.csv" }, 3_600),
  );
  expect(url.pathname).toBe("/exports/x");
  expect(url.searchParams.get("X-Amz-Expires")).toBe("3600");
  expect(url.searchParams.get("response-content-disposition")).toContain("filename*=UTF-8''%C3%BC.csv");
  expect(url.searchParams.get("response-cache-control")).toBe("no-store");
});

it("an export message goes to the queue in its user's group, delayed by 15 minutes at most", async () => {
  sqs.on(SendMessageCommand).resolves({});
  const message = {
    version: 1,
    export_id: "exp_0123456789abcdef",
    catalog_id: "c",
    user_id: "ann",
    correlation_id: "r",
  } as const;
  const queue = new ExportQueue(new SQSClient({ region: "us-east-1" }), "https://sqs.example/q");
  await queue.send(message);
  await queue.send(message, 155);
  await queue.send(message, 905);
  expect(sqs.commandCalls(SendMessageCommand).map((call) => call.args[0].input)).toEqual(
    [0, 155, 900].map((DelaySeconds) => ({
      QueueUrl: "https://sqs.example/q",
      MessageBody: JSON.stringify(message),
      DelaySeconds,
      MessageGroupId: "ann",
    })),
  );
});
