import type { ExportJob } from "./export-job.ts";

/**
 * How long after the lease of a dead worker its message may come again: SQS hides it for six function timeouts and the
 * batch window, 95 minutes with the longest that a stage may set. The half hour is for a queue that is behind.
 */
const REDELIVERY_MS = 125 * 60_000;
/** How long an export may wait for a worker at all; a message is in the dead-letter queue long before. */
const MAX_WAIT_MS = 24 * 3_600_000;

/**
 * When an open export is taken for abandoned, unless somebody works on it before: the end of the lease if its worker had
 * the last delivery of the message, else when the message must have come again. Undefined for one that has ended.
 * @returns epoch milliseconds
 */
export const abandonedAtMs = (
  job: Pick<ExportJob, "state" | "lease_until" | "last_delivery" | "updated_at">,
): number | undefined => {
  if (job.state === "ready" || job.state === "failed") return undefined;
  if (job.lease_until === undefined) return Date.parse(job.updated_at) + MAX_WAIT_MS;
  return Date.parse(job.lease_until) + (job.last_delivery ? 0 : REDELIVERY_MS);
};

/** What the user of an abandoned export reads. */
export const abandonedWords = (correlationId: string): string =>
  `The export stopped without a word and was given up, though nothing in the catalog is known to be wrong. Ask for it again; if that fails too, ask for help with correlation id ${correlationId}.`;
