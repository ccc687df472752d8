/** How long an attempt at a file counts without a sign of life; a crash is noticed after it. */
export const INGEST_LEASE_MS = 90_000;
/** How often an attempt renews its lease: three times before it would end. */
export const INGEST_RENEW_MS = 30_000;
/** How often an attempt reports how far it is. */
export const INGEST_PROGRESS_MS = 2_000;
/** Attempts at one file. With the waits below they last about two hours, which outlives most faults of AWS. */
export const MAX_INGEST_ATTEMPTS = 12;
/**
 * Deliveries of a dry run's message before it is given up. Nothing sends another message for it, so it must end no
 * later than the queue gives up: the least `max_receive_count` that a stage may set is 5.
 */
export const MAX_DRY_RUN_DELIVERIES = 5;

const FIRST_WAIT_MS = 60_000;
const MAX_WAIT_MS = 15 * 60_000;

/** When `reconcile` starts the next attempt after one that failed: later each time, 15 minutes at most. */
export const nextIngestAttemptMs = (attempt: number): number =>
  Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, attempt - 1));

/** What a user reads when every attempt failed, and it was not for the file's content. */
export const attemptsUsedUp = (correlationId: string, attempts: number = MAX_INGEST_ATTEMPTS): string =>
  `The file could not be read in ${attempts} attempts, though nothing in it is known to be wrong. Upload it again; if that fails too, ask for help with correlation id ${correlationId}.`;
