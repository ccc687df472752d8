import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import type { ListPosition } from "../../../lambdas/common/core/list-page.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { aProduct } from "../../helpers/products.ts";
import { aCatalog, aRun, asinNumber } from "../../helpers/rows.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";

const ID = "cat_0123456789abcdef";
const NOW = "2026-08-01T12:00:00.000Z";

let rig: ReturnType<typeof fakeDeps>;
beforeEach(() => {
  rig = fakeDeps();
});

const setUp = (run: Partial<RunRow> | null, user = "u1") => {
  const row = run && aRun({ catalog_id: ID, ...run });
  rig.world.catalogs.push(aCatalog({ catalog_id: ID, user_id: user, tracking_id: row ? row.batch_id : null }));
  if (row) rig.world.runs.push(row);
};

const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answer = await createApp(rig.deps).request(
    `/api/v1/catalogs/${ID}${path}`,
    {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    signedIn("u1"),
  );
  return { status: answer.status, body: await answer.json() };
};

describe("pause, resume and cancel", () => {
  it.each([
    ["pause", "running", "paused"],
    ["resume", "paused", "running"],
    ["cancel", "running", "cancelled"],
    ["cancel", "paused", "cancelled"],
    ["pause", "waiting_for_source", "paused"],
  ] as const)("%s of a run that is %s answers with its new status", async (verb, from, to) => {
    setUp({ state: from });
    const { status, body } = await call("POST", `/${verb}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ catalog_id: ID, state: to, totals: { products: 3 } });
    expect(rig.world.switched.map(([what]) => what)).toEqual([verb]);
  });

  it.each([
    ["pause", "paused", "already_paused", "resume or cancel"],
    ["pause", "completed", "run_closed", "/enrich"],
    ["pause", "cancelled", "run_cancelled", "/enrich"],
    ["resume", "running", "not_paused", "paused or cancelled"],
    ["resume", "completed_with_failures", "run_closed", "retried"],
    ["cancel", "cancelled", "already_cancelled", "/enrich"],
    ["cancel", "completed", "run_closed", "/enrich"],
  ] as const)("%s of a run that is %s is refused as %s and says what is possible", async (verb, state, code, words) => {
    setUp({ state, failed: state === "completed_with_failures" ? 1 : 0 });
    const { status, body } = await call("POST", `/${verb}`);
    expect({ status, code: body.code }).toEqual({ status: 409, code });
    expect(body.detail).toContain(words);
  });

  it("says so when the catalog was never enriched", async () => {
    setUp(null);
    for (const verb of ["pause", "resume", "cancel", "retry"]) {
      expect(await call("POST", `/${verb}`)).toMatchObject({ status: 409, body: { code: "no_run" } });
    }
  });

  it("answers a repeated request with the same Idempotency-Key as it did the first", async () => {
    setUp({ state: "running" });
    const key = { "idempotency-key": "k1" };
    const first = await call("POST", "/pause", undefined, key);
    rig.world.runs = rig.world.runs.map((run) => ({ ...run, state: "paused" }));
    expect(await call("POST", "/pause", undefined, key)).toEqual(first);
    expect(rig.world.switched).toHaveLength(1);
  });

  it("does not resume a run that could ask nobody", async () => {
    setUp({ state: "paused" });
    rig.world.statuses = [];
    expect(await call("POST", "/resume")).toMatchObject({ status: 409, body: { code: "no_source_configured" } });
    expect(rig.world.switched).toEqual([]);
  });

  it("knows nothing of somebody else's catalog", async () => {
    setUp({ state: "running" }, "u2");
    for (const [method, path] of [
      ["POST", "/pause"],
      ["POST", "/resume"],
      ["POST", "/cancel"],
      ["POST", "/retry"],
      ["GET", "/failures"],
      ["DELETE", ""],
    ] as const) {
      expect((await call(method, path)).status).toBe(404);
    }
    expect(rig.world.switched).toEqual([]);
  });
});

describe("delete", () => {
  it("answers 202 once, stops the run, and then there is no such catalog", async () => {
    setUp({ state: "running" });
    expect(await call("DELETE", "")).toMatchObject({ status: 202, body: { catalog_id: ID } });
    expect(rig.world.switched).toMatchObject([["stop", { state: "running" }]]);
    for (const [method, path] of [
      ["DELETE", ""],
      ["GET", ""],
      ["GET", "/status"],
      ["POST", "/resume"],
    ] as const) {
      expect((await call(method, path)).status).toBe(404);
    }
  });

  it("needs no run", async () => {
    setUp(null);
    expect((await call("DELETE", "")).status).toBe(202);
    expect(rig.world.switched).toEqual([]);
  });
});

describe("retry", () => {
  const failed = { state: "completed_with_failures", pending: 0, failed: 3 } as const;
  const failure = (n: number, error_code: string, changes = {}) => ({
    tracking_id: aRun().batch_id,
    product_key: `www.amazon.com#${asinNumber(n)}`,
    catalog_id: ID,
    batch_id: `${aRun().batch_id}#0000001`,
    error_code,
    source: "creators-api",
    raw_code: error_code,
    message: "words",
    attempts: 3,
    failed_at: NOW,
    first_seen_at: NOW,
    ...changes,
  });

  it("previews by code with an estimate, and touches nothing", async () => {
    setUp({ ...failed, failure_counts: { NotFound: 1, InternalError: 2, Old: 0 } });
    const { status, body } = await call("POST", "/retry", { dry_run: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dry_run: true,
      matched: 3,
      by_error_code: [
        { error_code: "InternalError", count: 2 },
        { error_code: "NotFound", count: 1 },
      ],
      reopened: 0,
      estimate: { calls: { "creators-api": 1 } },
    });
    expect(rig.world.switched).toEqual([]);
  });

  it("reopens all failed products when nothing is chosen, also without a body", async () => {
    setUp({ ...failed, failure_counts: { NotFound: 3 } });
    const { status, body } = await call("POST", "/retry");
    expect(status).toBe(202);
    expect(body).toMatchObject({ matched: 3, reopened: 1, remaining: 2, dry_run: false });
    expect(rig.world.switched[0]?.[2]).toEqual({ errorCodes: undefined, asins: undefined });
  });

  it("passes the place to continue from, and says the next one", async () => {
    setUp({ ...failed, failure_counts: { NotFound: 3 } });
    const starts: (ListPosition | undefined)[] = [];
    rig.world.lifecycle.retry = async (_run, _selection, start) => {
      starts.push(start);
      return { products: 0, batches: 0, inProgress: 0, ...(start ? {} : { next: { asin: 7 } }) };
    };
    const first = await call("POST", "/retry");
    expect(first.body).toMatchObject({ reopened: 0, remaining: 3, next_cursor: expect.any(String) });
    const { next_cursor: cursor } = first.body;
    expect((await call("POST", "/retry", { cursor })).body).not.toHaveProperty("next_cursor");
    expect(starts).toEqual([undefined, { asin: 7 }]);
    expect((await call("POST", "/retry", { cursor, error_codes: ["NotFound"] })).status).toBe(400);
  });

  it("estimates no call for products that another run has fetched meanwhile", async () => {
    setUp({ ...failed, failure_counts: { NotFound: 2, InternalError: 1 } });
    rig.world.failures = [failure(1, "NotFound"), failure(2, "NotFound"), failure(3, "InternalError")];
    for (const n of [1, 2]) {
      const product = aProduct({ product_id: `www.amazon.com#${asinNumber(n)}`, last_refresh_at: NOW });
      rig.world.products.set(product.product_id, product);
    }
    const estimateOf = async (body: Record<string, unknown>) =>
      (await call("POST", "/retry", { dry_run: true, ...body })).body.estimate;
    expect(await estimateOf({ error_codes: ["NotFound"] })).toMatchObject({ fresh: 2 });
    expect(await estimateOf({ error_codes: ["InternalError"] })).toMatchObject({ fresh: 0 });
    expect(await estimateOf({ asins: [asinNumber(1)] })).toMatchObject({ fresh: 1 });
  });

  it("chooses by code and by ASIN together", async () => {
    setUp(failed);
    rig.world.failures = [
      failure(1, "NotFound"),
      failure(2, "InternalError"),
      failure(3, "NotFound", { retrying_since: NOW }),
    ];
    const asins = [1, 2, 3].map(asinNumber);
    const { body } = await call("POST", "/retry", { asins, error_codes: ["NotFound"] });
    expect(body).toMatchObject({ matched: 1, by_error_code: [{ error_code: "NotFound", count: 1 }] });
    expect(rig.world.switched[0]?.[2]).toMatchObject({ asins, errorCodes: ["NotFound"] });
  });

  it.each([
    [{ ...failed, failure_counts: { NotFound: 3 } }, { error_codes: ["Other"] }, "nothing_to_retry"],
    [{ state: "completed", pending: 0 }, undefined, "nothing_to_retry"],
    [{ state: "cancelled", failed: 1, failure_counts: { NotFound: 1 } }, undefined, "run_cancelled"],
  ] as const)("is refused when it can do nothing: %#", async (run, body, code) => {
    setUp(run);
    expect(await call("POST", "/retry", body)).toMatchObject({ status: 409, body: { code } });
    expect(rig.world.switched).toEqual([]);
  });

  it("refuses a selection that it does not understand", async () => {
    setUp({ ...failed, failure_counts: { NotFound: 3 } });
    for (const body of [{ asins: ["nope"] }, { error_codes: [] }, { errorCodes: ["X"] }]) {
      expect((await call("POST", "/retry", body)).status).toBe(400);
    }
    expect((await call("POST", "/retry", undefined, {})).status).toBe(202);
  });

  it("lists failures with their words, by code if wished", async () => {
    setUp(failed);
    rig.world.failures = [failure(1, "NotFound"), failure(2, "InternalError", { retrying_since: NOW })];
    expect((await call("GET", "/failures")).body).toMatchObject({
      items: [
        {
          asin: asinNumber(1),
          marketplace: "www.amazon.com",
          error_code: "NotFound",
          retrying: false,
          message: "words",
        },
        { asin: asinNumber(2), error_code: "InternalError", retrying: true },
      ],
      next_cursor: null,
    });
    expect((await call("GET", "/failures?error_code=InternalError")).body.items).toHaveLength(1);
  });
});
