import { describe, expect, it } from "vitest";
import { MAX_FEED_PRODUCTS, MAX_FEEDS } from "../../../../../lambdas/common/core/access/feed.ts";
import { FeedListSchema } from "../../../../../lambdas/common/core/contract/access/feeds.ts";
import { secretHash } from "../../../../../lambdas/common/platform/access/access-secrets.ts";
import { person, withKey } from "../../../../helpers/access/callers.ts";
import { ANNA, CATALOG, FEEDS, feedsWorld } from "./feeds-world.ts";

const listed = async (ask: ReturnType<typeof feedsWorld>["ask"]) =>
  FeedListSchema.parse(JSON.parse((await ask("GET", FEEDS, ANNA)).text)).items;
const codeOf = (text: string): string => JSON.parse(text).code;

describe("making a feed", () => {
  it("shows its address once, for public fields unless all are asked for, and keeps a hash of its token", async () => {
    const { ask, tables, world } = feedsWorld();
    const answer = await ask("POST", FEEDS, ANNA, { name: " price sheet " });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { csv_path, json_path, ...feed } = JSON.parse(answer.text);
    const [, token = ""] = /^\/feeds\/(ef_[0-9a-z]{16}_[\w-]{43})\.csv$/.exec(csv_path) ?? [];
    expect(json_path).toBe(`/feeds/${token}.json`);
    expect(feed).toMatchObject({ catalog_id: CATALOG, name: "price sheet", fields: "public" });
    const [row] = tables.items("access");
    expect(row).toMatchObject({ secret_hash: secretHash(token), user_id: "anna", catalog_id: CATALOG });
    for (const kept of [row, world.logs, await listed(ask)])
      expect(JSON.stringify(kept)).not.toContain(token.slice(-43));
    expect(await listed(ask)).toEqual([feed]);
  });

  it("is refused for a catalog that has more products than a feed, and for more feeds than a catalog may have", async () => {
    const { ask, grow, make, tables } = feedsWorld();
    grow(MAX_FEED_PRODUCTS + 1);
    const large = await ask("POST", FEEDS, ANNA, { name: "n" });
    expect([large.status, codeOf(large.text)]).toEqual([409, "catalog_too_large"]);
    expect(tables.items("access")).toEqual([]);
    grow(MAX_FEED_PRODUCTS);
    for (let made = 0; made < MAX_FEEDS; made += 1) await make();
    const many = await ask("POST", FEEDS, ANNA, { name: "n" });
    expect([many.status, codeOf(many.text)]).toEqual([409, "too_many_feeds"]);
    expect(tables.items("access")).toHaveLength(MAX_FEEDS);
    const [first] = await listed(ask);
    await ask("DELETE", `${FEEDS}/${first?.feed_id}`, ANNA);
    await make();
  });

  it.each([{}, { name: " " }, { name: "n", fields: "some" }, { name: "n", colour: "red" }])(
    "with the body %j is a 400 that names the field",
    async (body) => {
      const { ask, tables } = feedsWorld();
      const { status, text } = await ask("POST", FEEDS, ANNA, body);
      expect(status).toBe(400);
      expect(JSON.parse(text).errors.length).toBeGreaterThan(0);
      expect(tables.items("access")).toEqual([]);
    },
  );

  it("is for people: no key makes or ends one", async () => {
    const { ask, make } = feedsWorld();
    const { feed_id } = await make();
    const key = withKey("anna", ["read", "upload", "operate"]);
    expect((await ask("POST", FEEDS, key, { name: "n" })).status).toBe(403);
    expect((await ask("DELETE", `${FEEDS}/${feed_id}`, key)).status).toBe(403);
    expect((await ask("GET", FEEDS, withKey("anna", ["read"]))).status).toBe(200);
    expect(await listed(ask)).toHaveLength(1);
  });
});

describe("the feeds of somebody else's catalog", () => {
  it("are neither made, seen nor ended, and neither are those of another catalog", async () => {
    const { ask, make, world } = feedsWorld();
    const { feed_id, csv_path } = await make();
    const ben = person("ben", "operators");
    expect((await ask("POST", FEEDS, ben, { name: "n" })).status).toBe(404);
    expect((await ask("GET", FEEDS, ben)).status).toBe(404);
    expect((await ask("DELETE", `${FEEDS}/${feed_id}`, ben)).status).toBe(404);
    const other = "cat_zzzzzzzzzzzzzzzz";
    world.catalogs.push(...world.catalogs.map((row) => ({ ...row, catalog_id: other, user_id: "ben" })));
    expect((await ask("DELETE", `/catalogs/${other}/feeds/${feed_id}`, ben)).status).toBe(404);
    expect((await ask("GET", csv_path)).status).toBe(200);
  });
});

describe("revoking a feed", () => {
  it("ends its address at once, may be repeated, and leaves the others", async () => {
    const { ask, make } = feedsWorld();
    const ended = await make();
    const kept = await make({ name: "kept", fields: "all" });
    for (const _ of ["once", "again"]) {
      const { status, text } = await ask("DELETE", `${FEEDS}/${ended.feed_id}`, ANNA);
      expect([status, JSON.parse(text).feed_id]).toEqual([200, ended.feed_id]);
      expect((await ask("GET", ended.csv_path)).status).toBe(404);
      expect((await ask("GET", ended.json_path)).status).toBe(404);
    }
    expect((await listed(ask)).map(({ feed_id, fields }) => [feed_id, fields])).toEqual([[kept.feed_id, "all"]]);
    expect((await ask("GET", kept.csv_path)).status).toBe(200);
    expect((await ask("DELETE", `${FEEDS}/feed_zzzzzzzzzzzzzzzz`, ANNA)).status).toBe(404);
  });
});
