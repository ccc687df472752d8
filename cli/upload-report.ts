import * as z from "zod";
import { EstimateSchema } from "../lambdas/core/estimate.ts";
import { formatDuration } from "./format-duration.ts";
import { formatTable } from "./format-table.ts";
import type { Io } from "./io.ts";

/** Answer to an upload, and the report of a dry run. */
export const UploadReportSchema = z.object({
  message: z.string(),
  catalog_id: z.string().nullable(),
  tracking_id: z.string().nullable(),
  total_products: z.number(),
  total_batches: z.number(),
  batch_size: z.number(),
  duplicates: z.number(),
  rejected: z.object({
    count: z.number(),
    rows: z.array(z.object({ line: z.number(), value: z.string(), reason: z.string() })),
  }),
  estimate: EstimateSchema.nullable(),
});
export type UploadReport = z.infer<typeof UploadReportSchema>;

/** Rejected rows shown in words; `--json` has up to 100. */
const SHOWN_REJECTS = 10;

/** Writes what an upload holds, what it will cost, and its first bad rows. */
export const printReport = (io: Io, report: UploadReport): void => {
  io.out(
    `${report.total_products} products in ${report.total_batches} batches of ${report.batch_size}; ${report.duplicates} duplicates dropped; ${report.rejected.count} rows rejected\n`,
  );
  const { estimate } = report;
  if (estimate) {
    const calls = Object.entries(estimate.calls).map(([source, count]) => `${count} calls to ${source}`);
    const parts = [
      ...(calls.length > 0 ? calls : ["no calls"]),
      ...(estimate.fresh > 0 ? [`${estimate.fresh} products still fresh`] : []),
      `about ${formatDuration(estimate.seconds)}`,
      ...(estimate.day_share === null ? [] : [`${(estimate.day_share * 100).toFixed(1)}% of the day's allowance`]),
      ...(estimate.keepa_tokens > 0 ? [`${estimate.keepa_tokens} Keepa tokens`] : []),
      `$${estimate.usd}`,
    ];
    io.out(`Estimate: ${parts.join(", ")}\n`);
  }
  if (report.rejected.count === 0) return;
  const rows = report.rejected.rows.slice(0, SHOWN_REJECTS);
  io.out(`\nRejected rows:\n`);
  io.out(
    formatTable(
      ["line", "value", "reason"],
      rows.map(({ line, value, reason }) => [String(line), value, reason]),
    ),
  );
  const more = report.rejected.count - rows.length;
  if (more > 0) io.out(`and ${more} more: GET /catalogs/{id}/rejected lists all of a stored catalog\n`);
  io.out("\n");
};
