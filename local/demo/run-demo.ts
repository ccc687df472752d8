import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Outputs } from "../outputs.ts";
import { cognitoToken } from "../stack/cognito-token.ts";
import { createApiClient } from "./api-client.ts";
import { followRun } from "./follow-run.ts";
import { chooseExamples } from "./output/choose-examples.ts";
import { explainBefore, explainUpload } from "./output/explain.ts";
import { createLiveLine } from "./output/live-line.ts";
import { type Progress, renderProgress } from "./output/render-progress.ts";
import { renderProducts, renderSummary, type Summary, summarise } from "./output/summary.ts";
import type { DemoFlags } from "./parse-flags.ts";
import { readQuota } from "./read-quota.ts";
import { requireReadable } from "./require-readable.ts";
import { callsBetween, readCalls } from "./upstream-calls.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".ndjson": "application/x-ndjson",
  ".jsonl": "application/x-ndjson",
};
/** `GET /quota` may answer from a reading up to 3 s old; the last figure shown should be the true one. */
const QUOTA_LAG_MS = 3_200;
/** The source whose quota the progress line shows: the first that a local stack asks. */
const MAIN_SOURCE = "creators-api";

/**
 * Enriches a catalog through the deployed HTTP API and prints what happens.
 * @param out where the words go
 * @throws LocalError when the catalog cannot be read, the API refuses or nothing moves any more.
 */
export const runDemo = async (
  outputs: Outputs,
  flags: Pick<DemoFlags, "catalog" | "marketplace" | "force">,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<Summary> => {
  const say = (lines: readonly string[]): void => void out.write(`${lines.join("\n")}\n`);
  const readAllCalls = async () =>
    Promise.all(
      Object.entries(outputs.upstreams).map(async ([id, { controlUrl }]) => [id, await readCalls(controlUrl)] as const),
    );
  const api = createApiClient(outputs.apiUrl, () => cognitoToken(outputs, "demo"));
  requireReadable(`--catalog ${flags.catalog}`, flags.catalog);
  const content = readFileSync(flags.catalog);

  say(explainBefore(flags.catalog, content.byteLength));
  const before = new Map(await readAllCalls());
  const startedMs = performance.now();
  const report = await api.upload({
    name: basename(flags.catalog),
    marketplace: flags.marketplace,
    contentType: CONTENT_TYPES[extname(flags.catalog).toLowerCase()] ?? "text/csv",
    content,
    force: flags.force,
  });
  say(explainUpload(report));

  const line = createLiveLine(out, () => performance.now());
  let quota: Progress["quota"] = null;
  const status = await followRun({
    readStatus: () => api.status(report.catalog_id),
    readQuota: async () => {
      quota = readQuota(await api.quota(), MAIN_SOURCE);
      return quota;
    },
    onProgress: (progress) => line.show(renderProgress(progress, out.columns)),
    signal,
    now: () => performance.now(),
    sleep: (ms, aborted) => delay(ms, undefined, aborted ? { signal: aborted } : {}),
  }).finally(() => line.end());
  const seconds = (performance.now() - startedMs) / 1000;

  const after = await readAllCalls();
  const upstream = Object.fromEntries(
    after.flatMap(([id, calls]) => {
      const earlier = before.get(id);
      return earlier ? [[id, callsBetween(earlier, calls)] as const] : [];
    }),
  );
  await delay(QUOTA_LAG_MS, undefined, { signal });
  quota = readQuota(await api.quota(), MAIN_SOURCE);
  const [enriched, failed] = await Promise.all([
    api.products(report.catalog_id, "enriched"),
    api.products(report.catalog_id, "failed"),
  ]);
  const summary = summarise(report, status, { upstream, quota, seconds });
  say(["", "Some of the products", ...renderProducts(chooseExamples(enriched, failed)), "", ...renderSummary(summary)]);
  return summary;
};
