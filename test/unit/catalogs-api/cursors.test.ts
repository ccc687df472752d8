import { describe, expect, it } from "vitest";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import type { FailureRow } from "../../../lambdas/common/core/runs/failure-row.ts";
import { aBatch, aCatalog, aRun, asinNumber } from "../../helpers/rows.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";

const IDS = ["cat_0123456789abcdef", "cat_0123456789abcdeg"] as const;
const RUNS = ["enrich_one_1", "enrich_two_2"] as const;
const NOW = "2026-08-01T12:00:00.000Z";

const aFailure = (tracking_id: string, number: number, error_code: string): FailureRow => ({
  ...{ tracking_id, product_key: `www.amazon.com#${asinNumber(number)}`, catalog_id: IDS[0], error_code },
  ...{ batch_id: `${tracking_id}#0000001`, source: null, raw_code: error_code, message: "words", attempts: 1 },
  ...{ failed_at: NOW, first_seen_at: NOW },
});

/** Two catalogs of user u1 and two of user u2, each with enough of everything for two pages of one. */
const setUp = () => {
  const { deps, world } = fakeDeps();
  for (const user_id of ["u1", "u2"]) {
    for (const [index, base] of IDS.entries()) {
      const catalog_id = user_id === "u1" ? base : base.replace("cat_0", "cat_1");
      const batch_id = `${RUNS[index]}_${user_id}`;
      const rows = { ...aCatalog().rows, rejected: 3 };
      const counts = { failed: 3, pending: 0, failure_counts: { NotFound: 2, Timeout: 2 } };
      world.catalogs.push(aCatalog({ catalog_id, user_id, tracking_id: batch_id, rejects_key: "k", rows }));
      world.runs.push(aRun({ catalog_id, batch_id, owner_id: user_id, state: "completed_with_failures", ...counts }));
      for (const number of [1, 2]) {
        const id = `${batch_id}#000000${number}`;
        world.batches.push(aBatch({ catalog_id, batch_id: id, tracking_id: batch_id, number }));
      }
      for (const number of [1, 2, 3, 4]) {
        world.failures.push(aFailure(batch_id, number, number % 2 === 0 ? "NotFound" : "Timeout"));
      }
    }
  }
  world.lifecycle.retry = async (_run, _asked, start) => ({
    ...{ products: 1, batches: 1, inProgress: 0 },
    ...(start ? {} : { next: { asin: 1 } }),
  });
  const app = createApp(deps);
  const get = async (path: string, cursor?: string, user = "u1") => {
    const query = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await app.request(`/api/v1/catalogs${path}${query}`, {}, signedIn(user));
    return { status: answer.status, body: await answer.json() };
  };
  const retry = async (id: string, body: object) => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await app.request(`/api/v1/catalogs/${id}/retry`, init, signedIn("u1"));
    return { status: answer.status, body: await answer.json() };
  };
  return { get, retry };
};

const [ID, OTHER] = IDS;
/** Every list that hands out a cursor, with and without a filter. */
const LISTS = [
  "?limit=1",
  `/${ID}/rejected?limit=1`,
  `/${ID}/batches?limit=1`,
  `/${ID}/products?limit=1`,
  `/${ID}/products?limit=1&missing=title`,
  `/${ID}/failures?limit=1`,
  `/${ID}/failures?limit=1&error_code=NotFound`,
];

describe.each(LISTS)("the cursor of GET /catalogs%s", (path) => {
  it("continues its own list", async () => {
    const { get } = setUp();
    const first = await get(path);
    expect(first.body.next_cursor).toEqual(expect.any(String));
    const second = await get(path, first.body.next_cursor);
    expect(second.status).toBe(200);
    expect(second.body.items).not.toEqual(first.body.items);
  });

  it("is refused by every other list, of another catalog, and by another user's", async () => {
    const { get } = setUp();
    const { next_cursor: cursor } = (await get(path)).body;
    for (const other of [...LISTS, ...LISTS.map((list) => list.replace(ID, OTHER))]) {
      if (other !== path) expect([other, (await get(other, cursor)).status]).toEqual([other, 400]);
    }
    const theirs = await get(path.replace("cat_0", "cat_1"), cursor, "u2");
    expect(theirs.status).toBe(400);
    expect(theirs.body).toMatchObject({ code: "invalid_cursor", errors: [{ field: "cursor" }] });
  });

  it("is refused after any change", async () => {
    const { get } = setUp();
    const { next_cursor: cursor } = (await get(path)).body;
    // Every eighth place: the test of the cursors themselves tries them all.
    const changes = Array.from({ length: Math.ceil(cursor.length / 8) }, (_, index) => {
      const at = index * 8;
      return cursor.slice(0, at) + (cursor[at] === "A" ? "B" : "A") + cursor.slice(at + 1);
    });
    for (const changed of [...changes, cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, "null", "e30", " "]) {
      expect([changed, (await get(path, changed)).status]).toEqual([changed, 400]);
    }
  });
});

describe("the cursor of a retry", () => {
  it("continues the same selection, and is refused for another one, another catalog and another list", async () => {
    const { get, retry } = setUp();
    const asked = { error_codes: ["NotFound"] };
    const { next_cursor: cursor } = (await retry(ID, asked)).body;
    expect((await retry(ID, { ...asked, cursor })).status).toBe(202);
    expect((await retry(ID, { cursor })).status).toBe(400);
    expect((await retry(ID, { error_codes: ["Timeout"], cursor })).status).toBe(400);
    expect((await retry(OTHER, { ...asked, cursor })).status).toBe(400);
    expect((await get(`/${ID}/failures?limit=1&error_code=NotFound`, cursor)).status).toBe(400);
    expect((await retry(ID, { ...asked, cursor: `${cursor}A` })).body).toMatchObject({ code: "invalid_cursor" });
  });
});

it("a list that is empty refuses a foreign cursor too", async () => {
  const { deps, world } = fakeDeps();
  world.catalogs.push(aCatalog({ catalog_id: ID, user_id: "u1", tracking_id: null }));
  const app = createApp(deps);
  for (const path of ["rejected", "batches", "products", "failures"]) {
    const answer = await app.request(`/api/v1/catalogs/${ID}/${path}?cursor=e30`, {}, signedIn("u1"));
    expect([path, answer.status]).toEqual([path, 400]);
  }
});
