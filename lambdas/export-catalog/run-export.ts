import { isoTime } from "../core/clock.ts";
import { NotFoundError, StaleWriteError } from "../core/errors.ts";
import type { ExportMessage } from "../core/exports/export-message.ts";
import { UploadGoneError } from "../core/exports/upload-gone-error.ts";
import { METRICS } from "../core/metric-names.ts";
import type { Deps } from "./deps.ts";
import { writeExport } from "./write-export.ts";

/** A lease outlives the invocation, which Lambda ends for sure when its time is up, by so much. */
const LEASE_MARGIN_MS = 5_000;
/**
 * Part of the time left at the start that a turn may use. The rest is for the last page and part; and a turn that goes
 * on by plan must not look like one that is about to run out of time.
 */
const SHARE_OF_TIME = 0.6;
const SOON_SECONDS = 30;

/** One delivery of a message. */
export interface Delivery {
  readonly message: ExportMessage;
  /** Deliveries so far, this one counted. */
  readonly receiveCount: number;
  readonly remainingMs: number;
}

/** `done`: acknowledge. Otherwise the message must come back, after so many seconds. */
export type DeliveryResult = { readonly kind: "done" } | { readonly kind: "again"; readonly seconds: number };

const DONE: DeliveryResult = { kind: "done" };

/**
 * Gives an export one turn. The message is only a wake-up, so it may be delivered any number of times: what is ready
 * stays as it is, and what another worker holds comes back when that one must have ended.
 */
export const runExport = async (deps: Deps, delivery: Delivery): Promise<DeliveryResult> => {
  const { message, remainingMs } = delivery;
  const startedMs = deps.clock.now();
  const log = (fields: Record<string, unknown> = {}) => ({
    export_id: message.export_id,
    catalog_id: message.catalog_id,
    correlation_id: message.correlation_id,
    ...fields,
  });
  const owner = deps.newId();
  const claim = await deps.exports.claim({
    export_id: message.export_id,
    owner,
    now: isoTime(startedMs),
    lease_until: isoTime(startedMs + remainingMs + LEASE_MARGIN_MS),
    // If this one is killed too, nobody comes after it, and whoever asks must be told.
    last_delivery: delivery.receiveCount >= deps.maxReceiveCount,
  });
  if (claim.kind === "missing") deps.log.warn("there is no such export any more", log());
  if (claim.kind === "ready") deps.meter.count(METRICS.RECORD_DUPLICATE, 1);
  if (claim.kind === "leased") {
    // Its holder may have died, so the message is not dropped: it may be the one that must take the work up again.
    return { kind: "again", seconds: Math.ceil((Date.parse(claim.lease_until) - startedMs) / 1000) };
  }
  if (claim.kind !== "claimed") return DONE;

  const lease = () => ({ export_id: message.export_id, owner, now: isoTime(deps.clock.now()) });
  const endMs = startedMs + remainingMs * SHARE_OF_TIME;
  try {
    const result = await writeExport(deps, { job: claim.job, owner, mayContinue: () => deps.clock.now() < endMs });
    if (result.kind === "paused") {
      // In this order: the lease must be free when the next message comes. Dying between the two is mended by this
      // message, which is not acknowledged yet.
      await deps.exports.release(lease());
      await deps.queue.send(message);
    }
    deps.log.info(`export ${result.kind}`, log({ rows_written: result.rows_written }));
    return DONE;
  } catch (error) {
    return handleFailure(deps, delivery, lease, log, error);
  }
};

const handleFailure = async (
  deps: Deps,
  { receiveCount }: Delivery,
  lease: () => { export_id: string; owner: string; now: string },
  log: (fields?: Record<string, unknown>) => Record<string, unknown>,
  error: unknown,
): Promise<DeliveryResult> => {
  if (error instanceof StaleWriteError) {
    deps.log.warn("another worker has taken over the export", log());
    return DONE;
  }
  try {
    if (error instanceof NotFoundError) {
      deps.log.warn("the catalog of an export is gone", log({ error: error.message }));
      await deps.exports.fail(lease(), "The catalog was deleted before its export was written.");
      return DONE;
    }
    deps.log.error("an export stopped", log({ error: error instanceof Error ? (error.stack ?? "") : String(error) }));
    if (receiveCount >= deps.maxReceiveCount) {
      await deps.exports.fail(lease(), "The export could not be written; ask for it again in a while.");
    } else if (error instanceof UploadGoneError) await deps.exports.restart(lease());
    else await deps.exports.release(lease());
  } catch (second) {
    if (second instanceof StaleWriteError) return DONE;
    // The lease then ends by itself, and the message comes back later than that.
    deps.log.warn("the lease of an export was not given back", log({ error: String(second) }));
  }
  return { kind: "again", seconds: SOON_SECONDS * receiveCount };
};
