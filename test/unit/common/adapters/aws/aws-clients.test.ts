import type { IncomingMessage, ServerResponse } from "node:http";
import { crc32 } from "node:zlib";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import {
  createDocumentClient,
  createS3Client,
  createSecretsClient,
  createSqsClient,
} from "../../../../../lambdas/common/adapters/aws/aws-clients.ts";
import {
  OBJECT_LIMITS,
  QUICK_LIMITS,
  SECRET_LIMITS,
} from "../../../../../lambdas/common/adapters/aws/client-limits.ts";
import { UploadReader } from "../../../../../lambdas/common/adapters/s3/upload-reader.ts";
import { NotFoundError } from "../../../../../lambdas/common/core/errors.ts";
import { HTTP_TIMEOUT_SECONDS } from "../../../../../lib/constructs/functions/http-timeout.ts";
import { answerClients } from "./answering-server.ts";

/** Server and client share one thread: an attempt lasts longer than that thread may be busy with anything else. */
const SHORT = { connectMs: 1_000, answerMs: 1_000, silenceMs: 1_000, attempts: 2 };
/** Far more than two attempts and the wait between them take; without a limit of its own a client waits for ever. */
const SOON_MS = 15_000;

type Reply = (request: IncomingMessage, response: ServerResponse, count: number) => void;
const silence: Reply = () => {};

let reply: Reply;
let bodies: string[];
answerClients((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    bodies.push(body);
    reply(request, response, bodies.length);
  });
});

beforeEach(() => {
  reply = silence;
  bodies = [];
});

/** A call of each service, by the name that it is signed for. */
const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  dynamodb: () => createDocumentClient(SHORT).send(new GetCommand({ TableName: "t", Key: { id: "1" } })),
  sqs: () => {
    const QueueUrl = `${process.env.AWS_ENDPOINT_URL}/1/queue`;
    return createSqsClient(SHORT).send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
  },
  s3: () => createS3Client(SHORT).send(new GetObjectCommand({ Bucket: "b", Key: "k" })),
  secretsmanager: () => createSecretsClient(SHORT).send(new GetSecretValueCommand({ SecretId: "s" })),
};

describe("a service that takes requests and never answers", () => {
  it("is tried again and given up in time, whichever it is", async () => {
    const tries = new Map<string, number>();
    reply = ({ headers }) => {
      const service = /\/([a-z0-9]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1] ?? "";
      tries.set(service, (tries.get(service) ?? 0) + 1);
    };
    const began = performance.now();
    // Together, because each waits for as long as it may.
    const ends = await Promise.allSettled(Object.values(CALLS).map((call) => call()));
    expect(ends.map((end) => end.status === "rejected" && end.reason.name)).toEqual(ends.map(() => "TimeoutError"));
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    expect(Object.fromEntries(tries)).toEqual(
      Object.fromEntries(Object.keys(CALLS).map((service) => [service, SHORT.attempts])),
    );
  });

  it.each(Object.entries({ QUICK_LIMITS, OBJECT_LIMITS, SECRET_LIMITS }))(
    "leaves an HTTP function time to say so under %s",
    (_name, { attempts, answerMs, connectMs }) => {
      expect(attempts).toBeGreaterThan(1);
      expect(connectMs).toBeLessThan(answerMs);
      expect(attempts * answerMs).toBeLessThanOrEqual((HTTP_TIMEOUT_SECONDS - 4) * 1_000);
    },
  );
});

it("a transaction that is sent again carries the token of the first, so that it counts as one", async () => {
  reply = (_request, response, count) => {
    if (count > 1) response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
  };
  const put = { Put: { TableName: "t", Item: { id: "1" }, ConditionExpression: "attribute_not_exists(id)" } };
  await createDocumentClient(SHORT).send(new TransactWriteCommand({ TransactItems: [put] }));
  const tokens = bodies.map((body) => (JSON.parse(body) as { ClientRequestToken?: string }).ClientRequestToken);
  expect(tokens).toHaveLength(2);
  expect(tokens[0]).toMatch(/\S{8}/);
  expect(tokens[1]).toBe(tokens[0]);
});

it("what is written is summed up once: a signed CRC32, and no SHA-256", async () => {
  const seen: IncomingMessage[] = [];
  reply = (request, response) => {
    seen.push(request);
    response.writeHead(200, { etag: '"0"' }).end();
  };
  await createS3Client(SHORT).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: Buffer.from("rows") }));
  expect(bodies).toEqual(["rows"]);
  expect(seen[0]?.headers).toMatchObject({
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-checksum-crc32": Buffer.from(crc32("rows").toString(16).padStart(8, "0"), "hex").toString("base64"),
    authorization: expect.stringMatching(/SignedHeaders=[^,]*x-amz-checksum-crc32;x-amz-content-sha256/),
  });
});

describe("an object that is read as a stream", () => {
  const PARTS = 10;
  const EVERY_MS = 200;
  /** A machine that is busy may be late with a part by several times the pause between two. */
  const LIMITS = { connectMs: 500, answerMs: 900, silenceMs: 1_500, attempts: 3 };
  const read = async (limits = SHORT): Promise<string> => {
    const { body } = await new UploadReader(createS3Client(limits), "b").open("k");
    let text = "";
    for await (const chunk of body) text += Buffer.from(chunk).toString();
    return text;
  };

  it("may take longer than an answer, as long as something comes", async () => {
    reply = (_request, response) => {
      response.writeHead(200, { "content-length": String(PARTS) });
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        response.write("x");
        if (sent < PARTS) return;
        clearInterval(timer);
        response.end();
      }, EVERY_MS);
    };
    expect(PARTS * EVERY_MS).toBeGreaterThan(2 * LIMITS.answerMs);
    expect(PARTS * EVERY_MS).toBeGreaterThan(LIMITS.silenceMs);
    expect(await read(LIMITS)).toBe("x".repeat(PARTS));
  });

  it.each([
    [404, "NoSuchKey"],
    // What S3 says instead to anyone who may not list.
    [403, "AccessDenied"],
  ])("is not there when S3 answers %i", async (status, code) => {
    reply = (_request, response) => {
      response.writeHead(status, { "content-type": "application/xml" });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
    };
    await expect(read()).rejects.toBeInstanceOf(NotFoundError);
  });

  it("fails for now when nothing comes any more", async () => {
    reply = (_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("x");
    };
    await expect(read()).rejects.toMatchObject({ code: "storage_unavailable" });
  });
});
