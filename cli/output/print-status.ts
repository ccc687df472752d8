import type { CatalogStatus } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { arePricesStale } from "../../lambdas/common/core/cost/list-prices.ts";
import { EXIT, type ExitCode } from "../cli-error.ts";
import { formatDuration } from "./format-duration.ts";
import { formatMoment } from "./format-moment.ts";
import { formatTable } from "./format-table.ts";
import type { Io } from "./io.ts";

/** Exit code that a run's result asks for: 1 when products failed or were cancelled. */
export const exitCodeOfRun = (status: CatalogStatus): ExitCode =>
  status.state === "ingest_failed" || status.counts.failed > 0 || status.counts.cancelled > 0
    ? EXIT.SOME_FAILED
    : EXIT.OK;

const stateColour = (status: CatalogStatus): "green" | "red" | "yellow" =>
  status.state === "completed" ? "green" : exitCodeOfRun(status) === EXIT.OK ? "yellow" : "red";

/** What a run has cost, in one line. @param nowMs epoch milliseconds */
const costLine = (
  { usd, usd_per_1000_products, keepa_tokens, prices_of }: NonNullable<CatalogStatus["cost"]>,
  nowMs: number,
): string => {
  const each = usd_per_1000_products === null ? "" : `, $${usd_per_1000_products} per 1,000 products`;
  const tokens = keepa_tokens === 0 ? "" : `, ${keepa_tokens} Keepa tokens`;
  const old = arePricesStale(nowMs) ? ", which are old" : "";
  return `$${usd}${each}${tokens} (list prices of ${prices_of.region}, ${prices_of.read_on}${old})`;
};

/** Writes the state of a catalog, in words. */
export const printStatus = (io: Io, status: CatalogStatus): void => {
  const { counts, of_which, totals, estimate } = status;
  io.out(`Catalog   ${status.catalog_id}\n`);
  io.out(`Run       ${status.tracking_id ?? "none yet"}\n`);
  io.out(`State     ${io.paint(stateColour(status), status.state)}\n`);
  if (status.failure) io.out(`Why       ${status.failure}\n`);
  io.out(
    `Products  ${totals.products}: ${counts.enriched} enriched, ${counts.failed} failed, ${counts.pending} pending, ${counts.cancelled} cancelled\n`,
  );
  if (of_which.from_cache > 0) io.out(`          ${of_which.from_cache} were still fresh and needed no call\n`);
  if (of_which.incomplete > 0) io.out(`          ${of_which.incomplete} are incomplete\n`);
  const sources = Object.entries(status.by_source);
  if (sources.length > 0) io.out(`Sources   ${sources.map(([source, count]) => `${source} ${count}`).join(", ")}\n`);
  if (status.cost) io.out(`Cost      ${costLine(status.cost, io.now())}\n`);
  if (estimate.resumes_at !== null) io.out(`Continues ${formatMoment(estimate.resumes_at, io.now())} local time\n`);
  if (estimate.seconds_left !== null) {
    const end = estimate.finishes_at ? `, ends ${formatMoment(estimate.finishes_at, io.now())} local time` : "";
    io.out(`Left      about ${formatDuration(estimate.seconds_left)}${end}\n`);
  }
  for (const { source, code, action } of status.blocked_by) io.out(`Waits     ${source}: ${code}. ${action}\n`);
  if (status.state === "paused") io.out(`Next      enrichline resume ${status.catalog_id}\n`);
  if (counts.failed > 0) io.out(`Next      enrichline failures ${status.catalog_id} says why\n`);
  if (status.failures.length > 0) {
    io.out("\n");
    io.out(
      formatTable(
        ["failure", "products"],
        status.failures.map(({ error_code, count }) => [error_code, String(count)]),
      ),
    );
  }
};
