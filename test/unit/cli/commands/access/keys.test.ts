import { expect, it } from "vitest";
import { NOON } from "../../../../helpers/rows.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli } = localHarness();
const at = { nowMs: NOON };
const time = (days: number): string => new Date(NOON + days * 86_400_000).toISOString();
const KEY = {
  ...{ key_id: "key_0123456789abcdef", name: "nightly", scopes: ["read", "upload"], state: "active" },
  ...{ valid_until: time(90), created_at: time(0), last_used_at: null, revoked_at: null },
};

it("keys create asks for its scopes and its end, and writes the key alone on stdout", async () => {
  const api = await start(() => ({ status: 201, body: { ...KEY, key: "ek_secret" } }));
  const { code, out, err } = await cli(
    ["keys", "create", "nightly", "--scope", "read", "upload", "--scope", "read", "--expires", "90d"],
    at,
  );
  expect(code).toBe(0);
  expect(out).toBe("ek_secret\n");
  expect(err).toContain("enrichline keys revoke key_0123456789abcdef");
  expect(err).not.toContain("ek_secret");
  const [call] = api.calls();
  expect(call).toMatchObject({ method: "POST", path: "/api/v1/keys" });
  expect(JSON.parse(String(call?.body))).toEqual({
    name: "nightly",
    scopes: ["read", "upload"],
    valid_until: time(90),
  });
  const json = await cli(["keys", "create", "nightly", "--scope", "read", "--expires", "2027-06-30", "--json"], at);
  expect(JSON.parse(json.out)).toMatchObject({ key: "ek_secret", key_id: KEY.key_id });
  expect(JSON.parse(String(api.calls().at(-1)?.body))).toMatchObject({ valid_until: "2027-06-30T00:00:00.000Z" });
});

it("keys create wants a scope that there is, and an end that is one", async () => {
  const api = await start(() => ({ status: 201, body: {} }));
  expect((await cli(["keys", "create", "n"], at)).code).toBe(2);
  expect((await cli(["keys", "create", "n", "--scope", "write"], at)).code).toBe(2);
  expect((await cli(["keys", "create", "n", "--scope", "read", "--expires", "soon"], at)).code).toBe(2);
  expect(api.calls()).toEqual([]);
});

it("keys list shows them without secrets, and keys revoke ends one", async () => {
  const api = await start(({ method }) =>
    method === "DELETE"
      ? { status: 200, body: { ...KEY, state: "revoked", revoked_at: time(0) } }
      : { status: 200, body: { items: [KEY], next_cursor: "more" } },
  );
  const { out, err } = await cli(["keys", "list"], at);
  expect(out).toMatch(/^key_0123456789abcdef +nightly +read upload +active .* never$/m);
  expect(err).toContain("--cursor more");
  expect((await cli(["keys", "revoke", KEY.key_id], at)).out).toContain("is revoked");
  expect(api.calls().at(-1)).toMatchObject({ method: "DELETE", path: `/api/v1/keys/${KEY.key_id}` });
});

it("a key in ENRICHLINE_API_KEY goes before every way to sign in", async () => {
  const api = await start(() => ({ status: 200, body: { items: [], next_cursor: null } }));
  const env = { ENRICHLINE_API_KEY: "ek_mine", ENRICHLINE_TOKEN: "other" };
  expect((await cli(["catalogs"], { ...at, env })).code).toBe(0);
  expect(api.calls().at(-1)?.headers.authorization).toBe("Bearer ek_mine");
});
