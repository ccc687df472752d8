import type { CatalogProduct } from "../../../lambdas/common/core/contract/catalogs/products.ts";
import type { CatalogStatus } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import type { StartedRun } from "../../../lambdas/common/core/contract/uploads/started-run.ts";
import { CLOSED_RUN_STATES } from "../../../lambdas/common/core/runs/run-states.ts";
import type { CallFigures } from "../upstream-calls.ts";
import { duration, quotaText } from "./render-progress.ts";
import { renderTable } from "./render-table.ts";

/** What a demo run came to; also the answer of `--json`. */
export interface Summary {
  readonly catalog_id: string;
  readonly tracking_id: string;
  readonly state: CatalogStatus["state"];
  readonly products: number;
  readonly counts: CatalogStatus["counts"];
  readonly of_which: CatalogStatus["of_which"];
  readonly by_source: CatalogStatus["by_source"];
  readonly failures: CatalogStatus["failures"];
  readonly duplicates: number;
  readonly rejected: number;
  /** By source id. */
  readonly upstream: Readonly<Record<string, CallFigures>>;
  readonly quota: { readonly used: number; readonly limit: number | null } | null;
  /** From the upload to the last product, seconds. */
  readonly seconds: number;
  /** Whether every product reached an end state and the counts add up. */
  readonly complete: boolean;
}

/** Says whether a run is over with every product accounted for. */
export const isComplete = ({ state, counts, totals }: Pick<CatalogStatus, "state" | "counts" | "totals">): boolean =>
  (CLOSED_RUN_STATES as readonly string[]).includes(state) &&
  counts.pending === 0 &&
  counts.enriched + counts.failed + counts.cancelled === totals.products;

/** Puts the summary together. */
export const summarise = (
  report: StartedRun,
  status: CatalogStatus,
  measured: Pick<Summary, "upstream" | "quota" | "seconds">,
): Summary => ({
  catalog_id: report.catalog_id,
  tracking_id: report.tracking_id,
  state: status.state,
  products: status.totals.products,
  counts: status.counts,
  of_which: status.of_which,
  by_source: status.by_source,
  failures: status.failures,
  duplicates: report.duplicates,
  rejected: report.rejected.count,
  ...measured,
  complete: isComplete(status),
});

const price = (product: CatalogProduct["product"]): string =>
  product?.current_price ? `${product.current_price} ${product.currency ?? ""}`.trim() : "–";

/** Table of a few products as they were enriched. */
export const renderProducts = (products: readonly CatalogProduct[]): string[] =>
  renderTable(
    [
      { title: "ASIN", max: 10 },
      { title: "Title", max: 44 },
      { title: "Price", max: 14, align: "right" },
      { title: "Availability", max: 12 },
      { title: "Source", max: 14 },
      { title: "Quality", max: 7, align: "right" },
    ],
    products.map(({ asin, state, product, source, error_code }) => [
      asin,
      product?.title ?? (state === "failed" ? `failed: ${error_code ?? "unknown"}` : "–"),
      price(product),
      product?.availability_type ?? "–",
      source ?? "–",
      product ? product.quality.overall.toFixed(2) : "–",
    ]),
  );

const count = (value: number): string => value.toLocaleString("en-US");

/** Lines with the counts, the causes of failures and the figures of the upstreams. */
export const renderSummary = (summary: Summary): string[] => {
  const { counts, of_which } = summary;
  const states = renderTable(
    [
      { title: "State", max: 24 },
      { title: "Products", max: 10, align: "right" },
    ],
    [
      ["enriched", count(counts.enriched)],
      ...(of_which.from_cache > 0 ? [["  of these still fresh", count(of_which.from_cache)]] : []),
      ...(of_which.incomplete > 0 ? [["  of these incomplete", count(of_which.incomplete)]] : []),
      ["failed", count(counts.failed)],
      ...summary.failures.map(({ error_code, count: failed }) => [`  ${error_code}`, count(failed)]),
      ...(counts.cancelled > 0 ? [["cancelled", count(counts.cancelled)]] : []),
      ["pending", count(counts.pending)],
      ["all", count(summary.products)],
    ],
  );
  const upstream = renderTable(
    [
      { title: "Upstream", max: 14 },
      { title: "Calls", max: 8, align: "right" },
      { title: "Products a call", max: 15, align: "right" },
      { title: "Most in a second", max: 16, align: "right" },
      { title: "Refused (429)", max: 13, align: "right" },
    ],
    Object.entries(summary.upstream).map(([source, figures]) => [
      source,
      count(figures.calls),
      figures.mean_ids_per_call?.toFixed(2) ?? "–",
      count(figures.max_calls_in_any_second),
      count(figures.throttled),
    ]),
  );
  const rate = summary.seconds > 0 ? ` (${(summary.products / summary.seconds).toFixed(1)} products a second)` : "";
  return [
    ...states,
    "",
    ...upstream,
    "",
    `Run: ${summary.state}, ${count(summary.products)} products in ${duration(summary.seconds)}${rate}.`,
    ...(summary.quota ? [`Quota used: ${quotaText(summary.quota)}.`] : []),
  ];
};
