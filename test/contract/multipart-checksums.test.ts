import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ExportObjects } from "../../lambdas/common/adapters/s3/exports/export-objects.ts";
import { S3ObjectWriter } from "../../lambdas/common/adapters/s3/s3-object-writer.ts";

const PART_BYTES = 5 * 1024 * 1024;

/** What S3 knows of one upload in parts. */
interface Upload {
  /** Algorithm that was named when it began. */
  readonly algorithm: string | undefined;
  /** Checksum kinds that came with parts, whether in front of the body or behind it. */
  readonly partAlgorithms: Set<string>;
}

let server: Server;
let client: S3Client;
let upload: Upload;
let completed: string[];

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
};

/** Plays the part of S3 that judges checksums: what comes with parts must be what was announced. */
const answer = async (request: IncomingMessage): Promise<{ status: number; body: string; headers?: object }> => {
  const query = new URL(request.url ?? "/", "http://local").searchParams;
  const body = await text(request);
  if (query.has("uploads")) {
    upload = { algorithm: header(request, "x-amz-checksum-algorithm"), partAlgorithms: new Set() };
    return {
      status: 200,
      body: "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>",
    };
  }
  if (query.has("partNumber")) {
    const named = Object.keys(request.headers).find((name) => /^x-amz-checksum-(crc|sha)/.test(name));
    const kind = (named ?? header(request, "x-amz-trailer"))?.replace("x-amz-checksum-", "").toUpperCase();
    if (kind !== undefined) upload.partAlgorithms.add(kind);
    return { status: 200, body: "", headers: { etag: '"e1"', "x-amz-checksum-crc32": "AAAAAA==" } };
  }
  const other = [...upload.partAlgorithms].filter((kind) => kind !== upload.algorithm);
  if (other.length > 0) {
    const message = `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm}, actual: ${other}`;
    return { status: 400, body: `<Error><Code>InvalidRequest</Code><Message>${message}</Message></Error>` };
  }
  completed.push(body);
  return { status: 200, body: '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>' };
};

beforeEach(async () => {
  completed = [];
  server = createServer(async (request, response) => {
    const { status, body, headers } = await answer(request);
    response.writeHead(status, { "content-type": "application/xml", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  client = new S3Client({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("an upload in parts names the checksum of its parts when it begins, as S3 demands", () => {
  it("of a catalog's rows", async () => {
    const writer = new S3ObjectWriter(client, { bucket: "data", key: "rows", contentType: "application/x-ndjson" });
    await writer.write(Buffer.alloc(PART_BYTES + 10));
    await writer.close();
    expect(upload).toEqual({ algorithm: "CRC32", partAlgorithms: new Set(["CRC32"]) });
    expect(completed[0]?.match(/<ChecksumCRC32>/g)).toHaveLength(2);
  });

  it("of an export", async () => {
    const objects = new ExportObjects(client, "data");
    const id = await objects.startUpload("exports/e1", "text/csv");
    const part = await objects.uploadPart("exports/e1", id, 1, Buffer.from("a,b\n"));
    await objects.completeUpload("exports/e1", id, [part]);
    expect(upload).toEqual({ algorithm: "CRC32", partAlgorithms: new Set(["CRC32"]) });
    expect(completed[0]?.match(/<ChecksumCRC32>/g)).toHaveLength(1);
  });
});
