import { createServer, type IncomingMessage } from "node:http";
import type { CatalogStatus } from "../../../../lambdas/common/core/contract/runs/run-status.ts";
import type { UploadReport } from "../../../../lambdas/common/core/contract/uploads/upload-report.ts";

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** What the server answers: status and JSON. */
export type Reply = { readonly status: number; readonly body: unknown };

/** A small real server on a free loopback port that plays the API and, at `/`, Cognito. */
export const startFakeApi = async (
  reply: (seen: Seen) => Reply,
): Promise<{ url: string; seen: Seen[]; close: () => Promise<void> }> => {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const url = new URL(request.url ?? "/", "http://local");
    const entry = {
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    seen.push(entry);
    const { status, body } = reply(entry);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

export const CATALOG_ID = "cat_0123456789abcdef";

/** A status of 20 products with `enriched` and `failed` done. */
export const status = (
  state: CatalogStatus["state"],
  enriched: number,
  failed: number,
  changes: Partial<CatalogStatus> = {},
): CatalogStatus => ({
  catalog_id: CATALOG_ID,
  tracking_id: `enrich_${CATALOG_ID}_1`,
  state,
  blocked_by: [],
  totals: { products: 20, batches: 1 },
  counts: { pending: 20 - enriched - failed, enriched, failed, cancelled: 0 },
  of_which: { from_cache: 0, incomplete: 0 },
  by_source: enriched > 0 ? { "creators-api": enriched } : {},
  failures: failed > 0 ? [{ error_code: "NotFound", count: failed }] : [],
  sequence: 1,
  started_at: null,
  finished_at: null,
  estimate: { seconds_left: state === "running" ? 3 : null, finishes_at: null, resumes_at: null },
  ...changes,
});

/** Answer to an upload of 20 products with one rejected row. */
export const report: UploadReport & { estimate: object } = {
  message: "Enrichment queued successfully",
  catalog_id: CATALOG_ID,
  tracking_id: `enrich_${CATALOG_ID}_1`,
  total_products: 20,
  total_batches: 1,
  batch_size: 20,
  duplicates: 2,
  rejected: { count: 1, rows: [{ line: 7, value: "\u001b[31mnope", reason: "not an ASIN" }] },
  notes: [],
  estimate: {
    calls: { "creators-api": 2 },
    fresh: 0,
    seconds: 3,
    finishes_at: "2026-08-01T00:00:03.000Z",
    day_share: 0.0003,
    keepa_tokens: 0,
    usd: "0.000123",
  },
};

/** Answers uploads with `report` and status calls with these, the last one for ever. */
export const runThrough = (...states: ReturnType<typeof status>[]) => {
  let call = 0;
  return (seen: Seen): Reply => {
    if (seen.method === "POST") return { status: 202, body: report };
    const body = states[Math.min(call, states.length - 1)];
    call += 1;
    return { status: 200, body };
  };
};
