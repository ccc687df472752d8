import type { UploadReport } from "../../lambdas/common/core/contract/uploads/upload-report.ts";
import type { Estimate } from "../../lambdas/common/core/estimates/estimate.ts";
import { formatDuration } from "../output/format-duration.ts";
import { formatMoment } from "../output/format-moment.ts";
import type { Io } from "../output/io.ts";
import type { NoEstimate } from "./no-estimate.ts";
import { printRejected } from "./rejected-rows.ts";

/** The line of an upload's summary that says what the file holds. */
export const rowsLine = (rows: { total_products: number; duplicates: number; rejected: { count: number } }): string =>
  `Rows      ${rows.total_products} valid, ${rows.rejected.count} bad, ${rows.duplicates} duplicates\n`;

/** The lines that say how the file was read where that is not obvious. */
export const printNotes = (io: Io, notes: readonly string[]): void => {
  for (const note of notes) io.out(`Note      ${note}\n`);
};

const dayShare = ({ calls, day_share }: Estimate): string => {
  if (Object.values(calls).every((count) => count === 0)) return "nothing of the day's allowance";
  if (day_share === null) return "no daily limit";
  const share = `${(day_share * 100).toFixed(day_share < 0.01 ? 2 : 1)}% of the day's allowance`;
  return day_share > 1 ? `${share}, so the rest waits for the next day` : share;
};

const printEstimate = (io: Io, estimate: Estimate, products: number): void => {
  const calls = Object.entries(estimate.calls).map(([source, count]) => `${source} ${count}`);
  io.out(`Fresh     ${estimate.fresh} of ${products} products are fresh already and need no call\n`);
  io.out(`Calls     ${calls.join(", ") || "none"}\n`);
  if (calls.length > 0) io.out("          more where the next source must fill what the first one lacks\n");
  io.out(
    `Time      about ${formatDuration(estimate.seconds)}, ends ${formatMoment(estimate.finishes_at, io.now())} local time\n`,
  );
  io.out(`Day       ${dayShare(estimate)}\n`);
  io.out(`Keepa     ${estimate.keepa_tokens} tokens\n`);
  io.out(`Money     $${estimate.usd} for AWS\n`);
};

/**
 * Writes what an upload holds, what it will take, and its first bad rows.
 * @param noEstimate why there is no estimate; null when there is one
 */
export const printReport = (io: Io, report: UploadReport, noEstimate: NoEstimate | null): void => {
  io.out(rowsLine(report));
  printNotes(io, report.notes);
  io.out(`Batches   ${report.total_batches} of up to ${report.batch_size} products\n`);
  if (report.estimate) printEstimate(io, report.estimate, report.total_products);
  if (noEstimate) io.out(`Estimate  none: ${noEstimate.reason}\n          What to do: ${noEstimate.next_step}\n`);
  printRejected(io, report.rejected, report.catalog_id);
};
