import { createHash } from "node:crypto";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { idIn } from "../../../common/core/access/access-secret.ts";
import { type FeedRow, MAX_FEED_PRODUCTS } from "../../../common/core/access/feed.ts";
import { NotFoundError, TransientError, ValidationError } from "../../../common/core/errors.ts";
import { type FeedEntry, type FeedFile, feedFile } from "../../../common/core/feeds/feed-file.ts";
import { licensedProduct } from "../../../common/core/licences/licensed-product.ts";
import { productKey } from "../../../common/core/products/product-key.ts";
import { isSecret } from "../../../common/platform/access/access-secrets.ts";
import { API_BASE } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { TooManyCallsError } from "../../../common/platform/http/problems/too-many-calls-error.ts";
import { problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

/** How long caches may keep a feed, seconds, where no licence says less. */
const MAX_AGE_SECONDS = 300;
/** Lambda answers 6 MB at most, in which a body counts as JSON text. */
const MAX_BODY_BYTES = 4_500_000;
const ROWS_PER_READ = 500;
const PRODUCTS_PER_READ = 100;
/** Reads of a feed of which a field ended while it was being read. */
const MAX_READS = 3;

const FILE = /^(ef_\w[\w-]{0,90})\.(csv|json)$/;

const route = createRoute({
  method: "get",
  path: `${API_BASE}/feeds/{file}`,
  summary: "A catalog for a spreadsheet, by its address alone",
  description:
    "Fields that ended by the licence of their source are empty, and `expired_at` says since when. Unknown and revoked addresses answer 404 alike.",
  tags: ["Access"],
  request: {
    params: z.object({
      file: z.string().max(100).describe("The token of the feed, and .csv or .json.").meta({ example: "ef_….csv" }),
    }),
    query: strictQuery({}),
  },
  responses: {
    200: {
      description: "The products",
      content: { "text/csv": { schema: z.string() }, "application/json": { schema: z.unknown() } },
    },
    304: { description: "Unchanged since the ETag in If-None-Match" },
    ...problems(400, 404, 413, 429, 503),
  },
});

const noFeed = (cause?: unknown): NotFoundError =>
  new NotFoundError("There is no feed at this address, or it was revoked.", { cause });

const findFeed = async ({ feeds }: Deps, token: string): Promise<FeedRow> => {
  const id = idIn("feed", token);
  const row = id === undefined ? undefined : await feeds.get(id);
  if (!row || !isSecret(token, row.secret_hash)) throw noFeed();
  return row;
};

const tooLarge = (): ValidationError =>
  new ValidationError("The catalog has grown too large for a feed: use exports.", {
    code: "feed_too_large",
    status: 413,
  });

/** The products of a feed as they may be given out now. */
const readEntries = async (deps: Deps, feed: FeedRow): Promise<{ name: string; entries: FeedEntry[] }> => {
  const catalog = await deps.catalogs.getCatalog(feed.catalog_id, feed.user_id).catch((error: unknown) => {
    throw error instanceof NotFoundError ? noFeed(error) : error;
  });
  if (catalog.segments.reduce((sum, { products }) => sum + products, 0) > MAX_FEED_PRODUCTS) throw tooLarge();
  const rows: Omit<FeedEntry, "product">[] = [];
  for (const segment of catalog.segments) {
    for (let from = 0; from < segment.products; from += ROWS_PER_READ) {
      const read = await deps.readProductRows(segment, from, Math.min(ROWS_PER_READ, segment.products - from));
      rows.push(...read.map(({ asin, sku }) => ({ asin, sku: sku ?? null, marketplace: segment.marketplace })));
    }
  }
  const entries: FeedEntry[] = [];
  for (let from = 0; from < rows.length; from += PRODUCTS_PER_READ) {
    const part = rows.slice(from, from + PRODUCTS_PER_READ);
    const found = await deps.products.getMany(part.map(({ marketplace, asin }) => productKey(marketplace, asin)));
    for (const row of part) {
      const product = found.get(productKey(row.marketplace, row.asin));
      const shown = product && licensedProduct(product, deps.licences, { public: feed.fields === "public" });
      entries.push({ ...row, product: shown });
    }
  }
  return { name: catalog.name, entries };
};

/** Seconds for which every field of a file may still be given out; infinite when none ends. */
const secondsLeft = ({ validUntil }: FeedFile, nowMs: number): number =>
  validUntil === null ? Number.POSITIVE_INFINITY : (Date.parse(validUntil) - nowMs) / 1_000;

/** A file of which no field has ended while it was being read. */
const readFile = async (deps: Deps, feed: FeedRow, format: "csv" | "json"): Promise<FeedFile> => {
  for (let read = 0; read < MAX_READS; read += 1) {
    const { name, entries } = await readEntries(deps, feed);
    const file = feedFile(format, name, entries, deps.licences);
    if (secondsLeft(file, deps.clock.now()) > 0) return file;
  }
  throw new TransientError("fields of this feed are ending just now");
};

/** Registers `GET /feeds/{file}`. */
export const fetchFeed = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const [, token, format] = FILE.exec(c.req.valid("param").file) ?? [];
    if (token === undefined || (format !== "csv" && format !== "json")) throw noFeed();
    const feed = await findFeed(deps, token);
    const waitMs = await deps.feedCalls.take(feed.feed_id, deps.clock.now());
    if (waitMs > 0)
      throw new TooManyCallsError("This feed is fetched too often: wait, and fetch it less often.", waitMs);
    // After the count: who knows one address cannot use up what Cognito answers a second.
    if (!(await deps.owners.isPresent({ userId: feed.user_id }))) throw noFeed();
    const file = await readFile(deps, feed, format);
    const bytes = Buffer.byteLength(file.body);
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    const etag = `"${createHash("sha256").update(file.body).digest("base64url")}"`;
    const seconds = Math.min(MAX_AGE_SECONDS, Math.floor(secondsLeft(file, deps.clock.now())));
    const headers = {
      etag,
      "cache-control": seconds < 1 ? "no-store" : `public, max-age=${seconds}`,
      "x-robots-tag": "noindex",
    };
    const known = (c.req.header("if-none-match") ?? "").split(",").map((one) => one.trim().replace(/^W\//, ""));
    if (known.includes(etag) || known.includes("*")) return c.body(null, 304, headers);
    return c.body(file.body, 200, { ...headers, "content-type": file.contentType });
  });
};
