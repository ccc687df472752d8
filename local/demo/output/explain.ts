import { basename } from "node:path";
import type { StartedRun } from "../../../lambdas/common/core/contract/uploads/started-run.ts";
import { printable } from "./display-text.ts";
import { duration } from "./render-progress.ts";

/** Bad rows shown one by one. */
const ROWS_SHOWN = 5;
const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;

/** Words before the upload: what is about to happen and why. */
export const explainBefore = (catalog: string, bytes: number): string[] => [
  "",
  "What happens now",
  `  1. ${basename(catalog)} (${plural(Math.max(1, Math.round(bytes / 1024)), "KB", "KB")}) is uploaded to the deployed HTTP API, as your own program would do it.`,
  "  2. The products are cut into batches of 20. A batch is a row in DynamoDB; an SQS message only points to it,",
  "     so a lost or doubled message loses or doubles nothing.",
  "  3. Lambda functions take the messages. Amazon counts calls, not products, and one call may ask for 10:",
  "     so they put the products of several batches together and send full calls.",
  "  4. Amazon grants a new account 1 call a second and 8,640 calls a day, and going over can cost the account.",
  "     Every call first takes a time slot in DynamoDB, shared by all functions: 10 products a second, never more.",
  "  5. Results, counts and failures are written together, so the numbers below always add up.",
  "  Amazon is simulated here, with its real limits: one call too early and it answers 429.",
  "",
];

/** Words after the upload: what the API made of the file. */
export const explainUpload = (report: StartedRun): string[] => {
  const { rejected, estimate } = report;
  const lines = [
    `Accepted: ${plural(report.total_products, "product")} in ${plural(report.total_batches, "batch", "batches")} of up to ${report.batch_size}. ` +
      `Dropped: ${plural(report.duplicates, "duplicate")}, ${plural(rejected.count, "bad row")}.`,
    ...rejected.rows
      .slice(0, ROWS_SHOWN)
      .map(({ line, value, reason }) => `  line ${line}: ${JSON.stringify(printable(value))} ${printable(reason)}`),
  ];
  if (rejected.count > ROWS_SHOWN)
    lines.push(`  … and ${rejected.count - ROWS_SHOWN} more, all in GET /catalogs/${report.catalog_id}/rejected`);
  if (estimate) {
    const calls = Object.entries(estimate.calls).map(([source, count]) => `${plural(count, "call")} to ${source}`);
    const fresh = estimate.fresh > 0 ? `; ${plural(estimate.fresh, "product")} still fresh from before` : "";
    lines.push(`Estimate: ${calls.join(", ") || "no call"}, about ${duration(estimate.seconds)}${fresh}.`);
  }
  return [...lines, ""];
};
