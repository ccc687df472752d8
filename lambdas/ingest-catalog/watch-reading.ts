import { INGEST_LEASE_MS, INGEST_PROGRESS_MS, INGEST_RENEW_MS } from "../common/core/catalogs/ingest-attempts.ts";
import { type Clock, isoTime } from "../common/core/clock.ts";

/** Reports how far an attempt is; with a time, it also holds the lease until then. */
export type ReportProgress = (bytesRead: number, leaseUntil: string | undefined) => Promise<void>;

/**
 * Passes a file on and, as it flows, reports its progress and keeps the lease. No timer does it: a file that has stopped
 * flowing must lose its lease.
 * @throws what `report` throws, such as StaleWriteError when the lease is lost
 */
export async function* watchReading(
  body: AsyncIterable<Uint8Array>,
  clock: Clock,
  report: ReportProgress,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let reportedAt = clock.now();
  let renewedAt = reportedAt;
  for await (const chunk of body) {
    yield chunk;
    bytes += chunk.byteLength;
    const now = clock.now();
    if (now - reportedAt < INGEST_PROGRESS_MS) continue;
    const renews = now - renewedAt >= INGEST_RENEW_MS;
    await report(bytes, renews ? isoTime(now + INGEST_LEASE_MS) : undefined);
    reportedAt = now;
    if (renews) renewedAt = now;
  }
  // What follows the last byte, sorting and closing, has a whole lease before it.
  await report(bytes, isoTime(clock.now() + INGEST_LEASE_MS));
}
