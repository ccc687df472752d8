import type { CatalogStatus } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatDuration } from "./format-duration.ts";
import { formatMoment } from "./format-moment.ts";

/** Goes back to the start of a line and clears it. */
export const REDRAW = "\r\u001b[2K";

const BAR_CHARACTERS = 30;

/** A bar with its percentage, for a share of 0 to 1. */
export const progressBar = (share: number): string => {
  const filled = Math.floor(share * BAR_CHARACTERS);
  return `[${"#".repeat(filled)}${"-".repeat(BAR_CHARACTERS - filled)}] ${Math.floor(share * 100)}%`;
};

const readingLine = ({ bytes_read, bytes }: NonNullable<CatalogStatus["ingest"]>): string => {
  const share = bytes === 0 ? 0 : Math.min(1, bytes_read / bytes);
  return `${progressBar(share)}  ${formatBytes(bytes_read)} of ${formatBytes(bytes)} read`;
};

/** One line that shows how far a run is: bar, counts, time left, and what it waits for. No line feed. */
export const progressLine = (status: CatalogStatus, nowMs: number): string => {
  if (status.ingest) return readingLine(status.ingest);
  const { products } = status.totals;
  const { pending, enriched, failed, cancelled } = status.counts;
  const done = products - pending;
  const share = products === 0 ? 1 : done / products;
  const parts = [progressBar(share), `${done}/${products}`, `${enriched} enriched`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  const { seconds_left } = status.estimate;
  if (status.state === "waiting_for_source") {
    const reasons = status.blocked_by.map(({ source, code }) => `${source} (${code})`);
    parts.push(`waiting for ${reasons.join(", ") || "a source"}`);
    if (status.estimate.resumes_at) parts.push(`continues ${formatMoment(status.estimate.resumes_at, nowMs)}`);
  } else if (status.state === "paused") parts.push("paused");
  else if (seconds_left !== null) parts.push(`about ${formatDuration(seconds_left)} left`);
  return parts.join("  ");
};
