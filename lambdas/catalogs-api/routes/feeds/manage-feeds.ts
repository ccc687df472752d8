import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { accessKey, ownerKey } from "../../../common/core/access/access-row.ts";
import { FeedIdSchema, type FeedRow, MAX_FEED_PRODUCTS, MAX_FEEDS } from "../../../common/core/access/feed.ts";
import { isoTime } from "../../../common/core/clock.ts";
import {
  type Feed,
  FeedListSchema,
  FeedRequestSchema,
  FeedSchema,
  NewFeedSchema,
} from "../../../common/core/contract/access/feeds.ts";
import { ConflictError, NotFoundError } from "../../../common/core/errors.ts";
import { newSecret } from "../../../common/platform/access/access-secrets.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const path = `${API_BASE}/catalogs/{id}/feeds`;

const createFeedRoute = createRoute({
  method: "post",
  path,
  summary: "Make an address from which a spreadsheet fetches a catalog",
  description: `Who has the address can read the feed without signing in, until you revoke it. It has the products of the catalog, ${MAX_FEED_PRODUCTS.toLocaleString("en-US")} at most, as they are when it is fetched; by default without what may not stand on a public site. It takes no Idempotency-Key, because the address is shown once and kept nowhere.`,
  tags: ["Access"],
  ...signedIn("person"),
  request: {
    params: CatalogParams,
    query: strictQuery({}),
    body: {
      required: true,
      content: { "application/json": { schema: FeedRequestSchema, example: { name: "price sheet" } } },
    },
  },
  responses: { 201: json(NewFeedSchema, "The feed; note its address down"), ...problems(400, 401, 404, 409, 415, 503) },
});

const listFeedsRoute = createRoute({
  method: "get",
  path,
  summary: "Feeds of a catalog, newest first",
  tags: ["Access"],
  ...signedIn("read"),
  request: { params: CatalogParams, query: strictQuery({}) },
  responses: {
    200: json(FeedListSchema, "The feeds"),
    ...problems(400, 401, 404, 503),
  },
});

const revokeFeedRoute = createRoute({
  method: "delete",
  path: `${path}/{feedId}`,
  summary: "Revoke a feed",
  description: "Its address answers 404 from now on; caches on the way may answer for five minutes more.",
  tags: ["Access"],
  ...signedIn("person"),
  request: {
    params: CatalogParams.extend({
      feedId: FeedIdSchema.describe("The feed, as the answer that made it named it.").meta({
        example: "feed_7k2m9x4v1z0d5h3n",
      }),
    }),
    query: strictQuery({}),
  },
  responses: { 200: json(FeedSchema, "The feed, which has ended"), ...problems(400, 401, 404, 503) },
});

const feedView = ({ feed_id, catalog_id, name, fields, created_at }: FeedRow): Feed => ({
  ...{ feed_id, catalog_id, name, fields, created_at },
});

/** Registers `POST /catalogs/{id}/feeds`. */
export const createFeed = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(createFeedRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { name, fields } = c.req.valid("json");
    const { userId } = callerOf(c);
    const catalog = await deps.catalogs.getCatalog(id, userId);
    if (catalog.rows.valid > MAX_FEED_PRODUCTS) {
      throw new ConflictError(
        `The catalog has ${catalog.rows.valid} products, and a feed ${MAX_FEED_PRODUCTS} at most: use exports.`,
        "catalog_too_large",
      );
    }
    if ((await deps.feeds.list(id)).length >= MAX_FEEDS) {
      throw new ConflictError(`The catalog has ${MAX_FEEDS} feeds: revoke one that nobody needs.`, "too_many_feeds");
    }
    const feedId = `feed_${deps.newId()}`;
    const { secret, hash } = newSecret("feed", feedId);
    const row: FeedRow = {
      access_key: accessKey("feed", feedId),
      owner_key: ownerKey("feed", id),
      created_at: isoTime(deps.clock.now()),
      ...{ feed_id: feedId, catalog_id: id, user_id: userId, name, fields, secret_hash: hash },
    };
    await deps.feeds.create(row);
    deps.logger.warn("a feed was made", { feed_id: feedId, catalog_id: id, user_id: userId, fields });
    return c.json({ ...feedView(row), csv_path: `/feeds/${secret}.csv`, json_path: `/feeds/${secret}.json` }, 201);
  });
};

/** Registers `GET /catalogs/{id}/feeds`. */
export const listFeeds = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(listFeedsRoute, async (c) => {
    const { id } = c.req.valid("param");
    await deps.catalogs.getCatalog(id, callerOf(c).userId);
    return c.json({ items: (await deps.feeds.list(id)).map(feedView) }, 200);
  });
};

/** Registers `DELETE /catalogs/{id}/feeds/{feedId}`. Safe to repeat. */
export const revokeFeed = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(revokeFeedRoute, async (c) => {
    const { id, feedId } = c.req.valid("param");
    const { userId } = callerOf(c);
    await deps.catalogs.getCatalog(id, userId);
    const row = await deps.feeds.revoke(feedId, id, deps.clock.now());
    if (!row) throw new NotFoundError(`there is no feed "${feedId}"`);
    deps.logger.warn("a feed was revoked", { feed_id: feedId, catalog_id: id, user_id: userId });
    return c.json(feedView(row), 200);
  });
};
