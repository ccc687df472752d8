import { describe, expect, it } from "vitest";
import { newCensus } from "../../../lambdas/common/core/licences/revocations/census.ts";
import type { Revocation } from "../../../lambdas/common/core/licences/revocations/revocation.ts";
import type { LicenceDeps } from "../../../lambdas/operations-api/licence-deps.ts";
import { person } from "../../helpers/access/callers.ts";
import { LICENCES } from "../../helpers/rights.ts";
import { operationsApi, signedIn } from "./operations-world.ts";

const operator = person("op", "operators");
const START = "2026-08-01T11:00:00.000Z";

/** The API over a list of revocations and one count. */
const licenceApi = (changes: Partial<LicenceDeps> = {}) => {
  const stored = new Map<string, Revocation>();
  const census = newCensus(START);
  const last = { ...census, counted_at: START, held: { ...census.held, keepa: { ...census.held.keepa, fields: 7 } } };
  const licences: LicenceDeps = {
    book: LICENCES,
    acknowledgements: { "creators-api": { history: "Jo of Amazon agreed to it on 2026-01-01." } },
    enabled: ["creators-api", "keepa"],
    revocations: {
      list: async () => [...stored.values()],
      get: async (id) => stored.get(id),
      create: async (one) => void stored.set(one.revocation_id, one),
      advance: async (next, updated_at) => {
        if (stored.get(next.revocation_id)?.version !== next.version) return undefined;
        const written = { ...next, version: next.version + 1, updated_at };
        stored.set(next.revocation_id, written);
        return written;
      },
    },
    counts: {
      read: async () => ({ requested_at: null, running: null, last, version: 1 }),
      request: async () => {},
    },
    swept: { read: async () => new Map([["creators-api", { fields: 3, raw_answers: 1, exports: 0, since: START }]]) },
    ...changes,
  };
  const api = operationsApi({ licences, newId: () => "0123456789abcdef" });
  const remove = async (path: string, env: object = {}) => {
    const response = await api.app.request(`/api/v1${path}`, { method: "DELETE" }, env);
    return { status: response.status, body: await response.json() };
  };
  return { ...api, remove, stored };
};

describe("licences", () => {
  it("are listed with what the owner acknowledged, for people who are signed in", async () => {
    const { get } = licenceApi();
    expect((await get("/licences")).status).toBe(401);
    const { body } = await get("/licences", signedIn);
    expect(body.items).toHaveLength(6);
    expect(body.items[0]).toMatchObject({
      source: "creators-api",
      enabled: true,
      licence: { store_seconds: 86_400 },
      acknowledgements: [{ rule: "history", sentence: "Jo of Amazon agreed to it on 2026-01-01." }],
      revocation_id: null,
    });
  });

  it("have a report that is dated, and can be counted anew", async () => {
    const { get, post } = licenceApi();
    const { body } = await get("/licences/report", signedIn);
    expect(body).toMatchObject({ counted_at: START, counting: null, generated_at: "2026-08-01T12:00:00.000Z" });
    expect(body.sources[0]).toMatchObject({ swept: { fields: 3, raw_answers: 1, since: START }, revocations: [] });
    expect(body.sources[3]).toMatchObject({ source: "keepa", held: { fields: 7 } });
    const asked = await post("/licences/report", undefined, signedIn);
    expect(asked).toEqual({ status: 202, body: { requested_at: "2026-08-01T12:00:00.000Z" } });
  });

  it("are revoked by operators alone, after a preview, once, and until an operator ends it", async () => {
    const { get, post, remove, stored } = licenceApi();
    const path = "/licences/revocations";
    expect((await post(path, { source: "keepa" }, signedIn)).status).toBe(403);
    const preview = await post(path, { source: "keepa", dry_run: true }, operator);
    expect(preview).toMatchObject({
      status: 200,
      body: { source: "keepa", enabled: true, counted_at: START, held: { fields: 7 }, revocation_id: null },
    });
    expect(stored.size).toBe(0);
    const { status, body } = await post(path, { source: "keepa" }, operator);
    expect(status).toBe(202);
    expect(body).toMatchObject({ source: "keepa", state: "removing", settle_at: "2026-08-01T12:16:00.000Z" });
    expect(await post(path, { source: "keepa" }, operator)).toMatchObject({
      status: 409,
      body: { code: "already_revoked" },
    });
    expect((await get("/licences", signedIn)).body.items[3].revocation_id).toBe(body.revocation_id);
    const one = `${path}/${body.revocation_id}`;
    expect((await get(one, operator)).body).toEqual(body);
    expect((await get(one, signedIn)).status).toBe(403);
    expect((await get(`${path}/rev_000000000000000a`, operator)).status).toBe(404);
    expect((await remove(one, signedIn)).status).toBe(403);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await remove(one, operator)).toMatchObject({ status: 200, body: { state: "cancelled" } });
    }
    expect((await get("/licences", signedIn)).body.items[3].revocation_id).toBeNull();
  });
});
