import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { sdkErrorName, translateSdkError } from "../../../lambdas/adapters/aws/sdk-errors.ts";
import { FailureStore } from "../../../lambdas/adapters/dynamodb/failures/failure-store.ts";
import { RawArchive } from "../../../lambdas/adapters/s3/raw-archive.ts";
import { SourceSecrets } from "../../../lambdas/adapters/secrets/source-secrets.ts";
import { TransientError, ValidationError } from "../../../lambdas/core/errors.ts";
import { decodeCursor, encodeCursor } from "../../../lambdas/platform/page-cursor.ts";
import { NOON } from "../../helpers/rows.ts";

describe("failure store", () => {
  it("keeps when a failure was first seen, however often it is written", async () => {
    const mock = mockClient(DynamoDBDocumentClient);
    mock.on(UpdateCommand).resolves({});
    const failure = {
      tracking_id: "t",
      product_key: "k",
      catalog_id: "c",
      batch_id: "b",
      error_code: "ItemNotAccessible",
      source: "creators-api",
      raw_code: "ItemNotAccessible",
      message: "gone",
      attempts: 0,
      failed_at: new Date(NOON).toISOString(),
    };
    await new FailureStore(mock as unknown as DynamoDBDocumentClient, "failures").saveMany([failure]);
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.Key).toEqual({ tracking_id: "t", product_key: "k" });
    expect(input?.UpdateExpression).toMatch(
      /^SET #first = if_not_exists\(#first, :first\), .* REMOVE #closed, #retrying$/,
    );
  });
});

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

describe("source secrets", () => {
  const world = () => {
    const mock = mockClient(SecretsManagerClient);
    let now = NOON;
    const clock = { now: () => now, sleep: async () => undefined };
    const secrets = new SourceSecrets(mock as unknown as SecretsManagerClient, "enrichline/test", clock);
    return { mock, secrets, pass: (ms: number) => (now += ms) };
  };

  it("are read once a minute, and at once after they were refused", async () => {
    const { mock, secrets, pass } = world();
    mock.on(GetSecretValueCommand).resolves({ SecretString: '{"key":"k"}', VersionId: "v1" });
    expect(await secrets.read("keepa")).toEqual({ text: '{"key":"k"}', version: "v1" });
    await secrets.read("keepa");
    expect(mock.calls()).toHaveLength(1);
    pass(60_000);
    await secrets.read("keepa");
    secrets.forget("keepa");
    await secrets.read("keepa");
    expect(mock.calls()).toHaveLength(3);
    expect(mock.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({ SecretId: "enrichline/test/keepa" });
  });

  it("without a value mean that the source is not configured", async () => {
    const { mock, secrets } = world();
    mock.on(GetSecretValueCommand).rejects(Object.assign(new Error("none"), { name: "ResourceNotFoundException" }));
    expect(await secrets.read("keepa")).toBeUndefined();
  });

  it.each(["", "{}"])("that were taken away (%j) mean the same", async (SecretString) => {
    const { mock, secrets } = world();
    mock.on(GetSecretValueCommand).resolves({ SecretString, VersionId: "v2" });
    expect(await secrets.read("keepa")).toBeUndefined();
  });

  it("that cannot be read for now are an error, not a missing source", async () => {
    const { mock, secrets } = world();
    mock.on(GetSecretValueCommand).rejects(Object.assign(new Error("slow"), { name: "ThrottlingException" }));
    await expect(secrets.read("keepa")).rejects.toBeInstanceOf(TransientError);
  });
});

describe("SDK errors", () => {
  it.each([
    ["a name that means throttling", Object.assign(new Error("x"), { name: "ThrottlingException" })],
    ["a network code", Object.assign(new Error("x"), { code: "ECONNRESET" })],
    ["a status of the service's own fault", Object.assign(new Error("x"), { $metadata: { httpStatusCode: 503 } })],
  ])("may pass when they have %s", (_what, error) => {
    expect(translateSdkError(error, "reading")).toBeInstanceOf(TransientError);
  });

  it("stay themselves when no retry mends them", () => {
    const error = new Error("denied");
    expect(translateSdkError(error, "reading")).toBe(error);
    expect(translateSdkError("odd", "reading").message).toBe("reading failed: odd");
    expect(sdkErrorName(null)).toBe("");
  });
});

describe("cursors", () => {
  it("give the key back to the list that they belong to", () => {
    const cursor = encodeCursor("a", { catalog_id: "c", n: 1 });
    expect(decodeCursor("a", cursor)).toEqual({ catalog_id: "c", n: 1 });
    expect(decodeCursor("a", undefined)).toBeUndefined();
    expect(encodeCursor("a", undefined)).toBeUndefined();
  });

  it.each(["", "%%%", Buffer.from("[1]").toString("base64url"), encodeCursor("b", { k: "v" })])(
    "refuse %s",
    (cursor) => {
      expect(() => decodeCursor("a", cursor)).toThrow(ValidationError);
    },
  );
});
