import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { ApiKeys } from "../../../../lambdas/common/adapters/dynamodb/access/api-keys.ts";
import { isoTime } from "../../../../lambdas/common/core/clock.ts";
import { KeySchema, NewKeySchema } from "../../../../lambdas/common/core/contract/access/keys.ts";
import { pageOf } from "../../../../lambdas/common/core/contract/page.ts";
import { secretHash } from "../../../../lambdas/common/platform/access/access-secrets.ts";
import { createApp } from "../../../../lambdas/operations-api/app.ts";
import { aKey } from "../../../helpers/access/api-keys.ts";
import { person, withKey } from "../../../helpers/access/callers.ts";
import { ACCESS_TABLE } from "../../../helpers/memory/access-table.ts";
import { MemoryDynamo } from "../../../helpers/memory/memory-dynamo.ts";
import { fakeOperationsDeps } from "../fake-deps.ts";

let tables: MemoryDynamo;
let nowMs: number;
let logged: string[];

const call = async (method: string, path: string, env: object, body?: unknown) => {
  let ids = 0;
  const note = (message: string, extra: Record<string, unknown>) => logged.push(`${message} ${JSON.stringify(extra)}`);
  const app = createApp({
    ...fakeOperationsDeps(),
    keys: new ApiKeys(tables.client(), "access"),
    clock: { now: () => nowMs, sleep: async () => undefined },
    newId: () => String(tables.items("access").length * 10 + ids++).padStart(16, "0"),
    logger: { info: note, warn: note, error: note },
  });
  const init = {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  };
  const response = await app.request(`/api/v1${path}`, init, env);
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const make = async (env: object, body: unknown) => NewKeySchema.parse((await call("POST", "/keys", env, body)).body);
const list = async (env: object) => pageOf(KeySchema).parse((await call("GET", "/keys", env)).body).items;

beforeEach(() => {
  tables = new MemoryDynamo({ access: ACCESS_TABLE });
  nowMs = Date.UTC(2026, 7, 1, 12);
  logged = [];
});

describe("keys", () => {
  it("are shown once, and kept as a hash", async () => {
    const answer = await call("POST", "/keys", person("anna"), { name: "nightly", scopes: ["read", "upload"] });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { key, ...made } = NewKeySchema.parse(answer.body);
    expect(key).toMatch(/^ek_[0-9a-z]{16}_[\w-]{43}$/);
    expect(made).toMatchObject({ state: "active", valid_until: null, last_used_at: null, scopes: ["read", "upload"] });
    const [row] = tables.items("access");
    expect(row).toMatchObject({ secret_hash: secretHash(key), user_id: "anna", username: "anna@example.com" });
    expect(JSON.stringify(row)).not.toContain(key.slice(-43));
    expect(logged.join()).not.toContain(key.slice(-43));
    expect(await list(person("anna"))).toEqual([made]);
  });

  it("belong to who made them: others neither see nor end them", async () => {
    const { key_id } = await make(person("anna"), { name: "n", scopes: ["read"] });
    expect(await list(person("ben", "operators"))).toEqual([]);
    expect((await call("DELETE", `/keys/${key_id}`, person("ben", "operators"))).status).toBe(404);
    expect((await list(person("anna")))[0]?.state).toBe("active");
  });

  it("end when they are revoked, for ever, and stay in the list", async () => {
    const { key_id } = await make(person("anna"), { name: "n", scopes: ["read"] });
    const ended = await call("DELETE", `/keys/${key_id}`, person("anna"));
    expect(ended).toMatchObject({ status: 200, body: { state: "revoked", revoked_at: "2026-08-01T12:00:00.000Z" } });
    nowMs += 60_000;
    expect((await call("DELETE", `/keys/${key_id}`, person("anna"))).body).toEqual(ended.body);
    expect(await list(person("anna"))).toEqual([ended.body]);
  });

  it("end by themselves at their time", async () => {
    await make(person("anna"), { name: "n", scopes: ["read"], valid_until: "2026-08-01T12:00:01Z" });
    nowMs += 999;
    expect((await list(person("anna")))[0]?.state).toBe("active");
    nowMs += 1;
    expect((await list(person("anna")))[0]?.state).toBe("expired");
  });

  it.each([
    [{ name: "n", scopes: [] }, "scopes"],
    [{ name: "n", scopes: ["read", "read"] }, "scopes"],
    [{ name: "n", scopes: ["write"] }, "scopes.0"],
    [{ name: "n" }, "scopes"],
    [{ name: " ", scopes: ["read"] }, "name"],
    [{ name: "n", scopes: ["read"], valid_until: "2026-08-01T12:00:00.000Z" }, "valid_until"],
    [{ name: "n", scopes: ["read"], valid_until: "tomorrow" }, "valid_until"],
    [{ name: "n", scopes: ["read"], owner: "ben" }, "owner"],
  ])("are refused with the field that is wrong: %j", async (body, field) => {
    const { status, body: problem } = await call("POST", "/keys", person("anna"), body);
    expect(status).toBe(400);
    expect(z.object({ errors: z.array(z.object({ field: z.string() })) }).parse(problem).errors[0]?.field).toBe(field);
    expect(tables.items("access")).toEqual([]);
  });

  it("operate for operators only, and are made by people only", async () => {
    const body = { name: "n", scopes: ["operate"] };
    expect((await call("POST", "/keys", person("anna"), body)).status).toBe(403);
    expect((await call("POST", "/keys", person("anna", "operators"), body)).status).toBe(201);
    const all = withKey("anna", ["read", "upload", "operate"], { groups: ["operators"] });
    expect((await call("POST", "/keys", all, { name: "n", scopes: ["read"] })).status).toBe(403);
    expect((await call("GET", "/keys", all)).status).toBe(403);
  });

  const another = async () => {
    const { status, body } = await call("POST", "/keys", person("anna"), { name: "n", scopes: ["read"] });
    return status === 201 ? status : body.code;
  };
  const idOf = (n: number) => `key_${String(n).padStart(16, "k")}`;
  /** Makes so many keys without the route, which takes longer. */
  const fill = async (keys: ApiKeys, count: number, changes: Parameters<typeof aKey>[0] = {}) => {
    for (let n = 0; n < count; n += 1) await keys.create(aKey({ key_id: idOf(n), ...changes }).row, nowMs);
  };

  it("are 50 a person at most, also when many are asked for at the same time", async () => {
    const keys = new ApiKeys(tables.client(), "access");
    await fill(keys, 48);
    const made = await Promise.all([90, 91, 92, 93, 94].map((n) => keys.create(aKey({ key_id: idOf(n) }).row, nowMs)));
    expect(made.filter(Boolean)).toHaveLength(2);
  });

  it("are counted however many were made and ended since: the list of them is long", async () => {
    const keys = new ApiKeys(tables.client(), "access");
    await fill(keys, 49);
    for (let n = 100; n < 300; n += 1) {
      nowMs += 1;
      const { row } = aKey({ key_id: idOf(n), created_at: isoTime(nowMs) });
      expect(await keys.create(row, nowMs)).toBe(true);
      await keys.revoke(row.key_id, "anna", nowMs);
    }
    expect([await another(), await another()]).toEqual([201, "too_many_keys"]);
  });

  it("do not count from the moment on that they end by themselves", async () => {
    const keys = new ApiKeys(tables.client(), "access");
    await fill(keys, 49);
    await fill(keys, 1, { key_id: idOf(99), valid_until: isoTime(nowMs + 1_000) });
    nowMs += 999;
    expect(await another()).toBe("too_many_keys");
    nowMs += 1;
    expect([await another(), await another()]).toEqual([201, "too_many_keys"]);
  });

  it("are 50 a person at most, ended ones aside", async () => {
    await fill(new ApiKeys(tables.client(), "access"), 49);
    const { key_id: last } = await make(person("anna"), { name: "n", scopes: ["read"] });
    const refused = await call("POST", "/keys", person("anna"), { name: "n", scopes: ["read"] });
    expect(refused).toMatchObject({ status: 409, body: { code: "too_many_keys" } });
    await call("DELETE", `/keys/${last}`, person("anna"));
    expect((await call("POST", "/keys", person("anna"), { name: "n", scopes: ["read"] })).status).toBe(201);
  });
});
