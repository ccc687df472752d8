import { expect, it } from "vitest";
import { NOON } from "../../../../helpers/rows.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli } = localHarness();
const at = { nowMs: NOON };
const FEED = {
  ...{ feed_id: "feed_0123456789abcdef", catalog_id: "cat_1", name: "price sheet", fields: "public" },
  created_at: new Date(NOON).toISOString(),
};
const NEW_FEED = { ...FEED, csv_path: "/feeds/ef_secret.csv", json_path: "/feeds/ef_secret.json" };

it("feeds create writes the whole address alone on stdout, and says how to use and end it", async () => {
  const api = await start(() => ({ status: 201, body: NEW_FEED }));
  const { code, out, err } = await cli(["feeds", "create", "cat_1", "price sheet"], at);
  expect(code).toBe(0);
  expect(out).toMatch(/^http:\/\/[^/\s]+\/api\/v1\/feeds\/ef_secret\.csv\n$/);
  expect(err).toContain("IMPORTDATA");
  expect(err).toContain(`enrichline feeds revoke cat_1 ${FEED.feed_id}`);
  expect(err).not.toContain("ef_secret");
  const [call] = api.calls();
  expect(call).toMatchObject({ method: "POST", path: "/api/v1/catalogs/cat_1/feeds" });
  expect(JSON.parse(String(call?.body))).toEqual({ name: "price sheet", fields: "public" });
});

it("feeds create asks for all fields where it is told so, and gives programs both addresses", async () => {
  const api = await start(() => ({ status: 201, body: NEW_FEED }));
  const { out } = await cli(["feeds", "create", "cat_1", "n", "--fields", "all", "--json"], at);
  expect(JSON.parse(out)).toMatchObject({
    feed_id: FEED.feed_id,
    csv_url: expect.stringMatching(/^http:.*\/feeds\/ef_secret\.csv$/),
    json_url: expect.stringMatching(/^http:.*\/feeds\/ef_secret\.json$/),
  });
  expect(JSON.parse(String(api.calls().at(-1)?.body))).toEqual({ name: "n", fields: "all" });
});

it("feeds create wants a catalog, a name and fields that there are", async () => {
  const api = await start(() => ({ status: 201, body: NEW_FEED }));
  expect((await cli(["feeds", "create", "cat_1"], at)).code).toBe(2);
  expect((await cli(["feeds", "create", "cat_1", "n", "--fields", "some"], at)).code).toBe(2);
  expect(api.calls()).toEqual([]);
});

it("feeds list shows them, and as JSON", async () => {
  const api = await start(() => ({ status: 200, body: { items: [FEED] } }));
  expect((await cli(["feeds", "list", "cat_1"], at)).out).toMatch(/^feed_0123456789abcdef +price sheet +public +\S/m);
  expect(JSON.parse((await cli(["feeds", "list", "cat_1", "--json"], at)).out)).toEqual({ items: [FEED] });
  expect(api.calls().at(-1)).toMatchObject({ method: "GET", path: "/api/v1/catalogs/cat_1/feeds" });
});

it("feeds revoke ends one, and one that there is not is exit code 4", async () => {
  let status = 200;
  const api = await start(() =>
    status === 200 ? { status, body: FEED } : { status, body: { code: "not_found", detail: "there is no feed" } },
  );
  expect((await cli(["feeds", "revoke", "cat_1", FEED.feed_id], at)).out).toContain("is revoked");
  expect(JSON.parse((await cli(["feeds", "revoke", "cat_1", FEED.feed_id, "--json"], at)).out)).toEqual(FEED);
  expect(api.calls().at(-1)).toMatchObject({ method: "DELETE", path: `/api/v1/catalogs/cat_1/feeds/${FEED.feed_id}` });
  status = 404;
  expect((await cli(["feeds", "revoke", "cat_1", FEED.feed_id], at)).code).toBe(4);
});
