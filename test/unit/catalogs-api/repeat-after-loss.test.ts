import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import { createSqsClient } from "../../../lambdas/common/adapters/aws/aws-clients.ts";
import { CommittedAnswers } from "../../../lambdas/common/adapters/dynamodb/operations/committed-answers.ts";
import { buildCatalogStores } from "../../../lambdas/common/services/wiring/catalogs/catalog-stores.ts";
import { buildContentClaims } from "../../../lambdas/common/services/wiring/catalogs/content-claims.ts";
import { buildRunLifecycle } from "../../../lambdas/common/services/wiring/runs/run-lifecycle.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { silentLog } from "../../helpers/silent.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";

const ENV = {
  STATUS_TABLE_NAME: "status",
  OPERATIONS_TABLE_NAME: "operations",
  FAILURES_TABLE_NAME: "failures",
  ENRICH_QUEUE_URL: "bulk",
  EXPRESS_QUEUE_URL: "express",
  SOURCES: [],
  DISPATCH_WINDOW_SECONDS: 60,
};
let rig: ReturnType<typeof fakeDeps>;
let tables: MemoryDynamo;
let app: ReturnType<typeof createApp>;

/** The API on real tables, in a world where nothing that is remembered after the work survives. */
beforeEach(() => {
  rig = fakeDeps();
  const { clock, newId } = rig.deps;
  tables = new MemoryDynamo({
    status: {
      keys: ["catalog_id", "batch_id"],
      indexes: { "by-user": ["user_id", "created_at"], "due-batches": ["due_shard", "due_at"] },
    },
    operations: { keys: ["operation_key"] },
    failures: { keys: ["tracking_id", "product_key"] },
  });
  const documents = tables.client();
  const claims = buildContentClaims(ENV, { documents });
  const answers = new CommittedAnswers({ client: documents, tableName: "operations", clock, newId });
  const dispatcher = { topUp: async () => 0, finishClaim: async () => {} };
  app = createApp({
    ...rig.deps,
    ...buildCatalogStores(ENV, { documents }),
    claimContent: async (content, force) =>
      force ? claims.take(content, clock.now()) : claims.claim(content, clock.now()),
    lifecycle: buildRunLifecycle(
      ENV,
      { documents, sqs: createSqsClient(), clock, dispatcher, log: silentLog },
      { batchQueue: { send: async () => {} }, productsPerSecond: 1 },
    ),
    answerOnce: (request, create) => answers.answerOnce(request, create),
  });
});

const post = async (path: string, key?: string, body?: string, type = "text/csv", user = "u1") => {
  const headers = {
    ...(body === undefined ? {} : { "content-type": type }),
    ...(key ? { "idempotency-key": key } : {}),
  };
  const init = { method: "POST", headers, ...(body === undefined ? {} : { body }) };
  const response = await app.request(`/api/v1/catalogs${path}`, init, signedIn(user));
  return { status: response.status, body: await response.json() };
};
const rows = (type: string) => tables.items("status").filter((item) => item.row_type === type);
const CSV = "asin\nB07CXG6C9W\nnonsense\n";

describe("an upload whose answer was lost after it was stored", () => {
  it.each(["", "?enrich=false", "?force=true"])(
    "is answered as the first time under the same key: '%s'",
    async (query) => {
      const first = await post(query, "k1", CSV);
      expect(first.status).toBeLessThan(300);
      rig.world.nowMs += 60_000;
      expect(await post(query, "k1", CSV)).toEqual(first);
      expect(rows("catalog")).toMatchObject([{ catalog_id: first.body.catalog_id }]);
      expect(rig.world.discarded).toEqual([]);
    },
  );

  it("is another upload without a key, under another key, and of another user", async () => {
    expect((await post("", "k1", CSV)).status).toBe(202);
    expect(await post("", "k2", CSV)).toMatchObject({ status: 409, body: { code: "duplicate_upload" } });
    expect(await post("", undefined, CSV)).toMatchObject({ status: 409, body: { code: "duplicate_upload" } });
    expect((await post("", "k1", CSV, "text/csv", "u2")).status).toBe(202);
    expect(rows("catalog")).toHaveLength(2);
  });

  it("is refused when the key comes with another file", async () => {
    await post("", "k1", CSV);
    const other = await post("", "k1", "asin\nB000000001\n");
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
    expect(rows("catalog")).toHaveLength(1);
  });

  it("leaves the key free when it was refused, and after a day", async () => {
    expect((await post("", "k1", "asin\nnonsense\n")).status).toBe(400);
    const first = await post("?enrich=false", "k1", CSV);
    expect(first.status).toBe(201);
    rig.world.nowMs += 25 * 3_600_000;
    const later = await post("?enrich=false", "k1", CSV);
    expect(later.status).toBe(201);
    expect(later.body.catalog_id).not.toBe(first.body.catalog_id);
  });

  it("gives the same address for a large file", async () => {
    const order = JSON.stringify({ file_name: "a.csv", content_length: 100 });
    const first = await post("/uploads", "k1", order, "application/json");
    expect(first).toMatchObject({ status: 201 });
    expect(await post("/uploads", "k1", order, "application/json")).toEqual(first);
    expect(rows("catalog")).toHaveLength(1);
  });
});

describe("a run that was begun, paused, resumed or cancelled, and whose answer was lost", () => {
  const stored = async (query = ""): Promise<string> => (await post(query, undefined, CSV)).body.catalog_id;

  it("is begun once under one key, and refused as open to others", async () => {
    const id = await stored("?enrich=false");
    const first = await post(`/${id}/enrich`, "k1");
    expect(first.status).toBe(202);
    rig.world.nowMs += 1_000;
    expect(await post(`/${id}/enrich`, "k1")).toEqual(first);
    expect(await post(`/${id}/enrich`, "k2")).toMatchObject({ status: 409, body: { code: "run_active" } });
    expect(rows("run")).toHaveLength(1);
  });

  it("answers every repeat under the same key with what was asked, and others with 409", async () => {
    const id = await stored();
    for (const [action, state, refusal] of [
      ["pause", "paused", "already_paused"],
      ["resume", "queued", "not_paused"],
      ["cancel", "cancelled", "already_cancelled"],
    ] as const) {
      for (let time = 0; time < 2; time += 1) {
        expect(await post(`/${id}/${action}`, "k1")).toMatchObject({ status: 200, body: { state } });
      }
      for (const key of ["k2", undefined]) {
        expect(await post(`/${id}/${action}`, key)).toMatchObject({ status: 409, body: { code: refusal } });
      }
    }
  });

  it("is not what was asked any more when somebody turned it since", async () => {
    const id = await stored();
    await post(`/${id}/pause`, "k1");
    await post(`/${id}/resume`, "k2");
    expect(await post(`/${id}/resume`, "k3")).toMatchObject({ status: 409, body: { code: "not_paused" } });
    // Asked again after it was undone, a pause is a pause.
    expect(await post(`/${id}/pause`, "k1")).toMatchObject({ status: 200, body: { state: "paused" } });
  });
});
