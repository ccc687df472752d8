import type { LeasedExport } from "../common/adapters/dynamodb/operations/export-store.ts";
import { isoTime } from "../common/core/clock.ts";
import { errorWords } from "../common/core/error-words.ts";
import { TransientError } from "../common/core/errors.ts";
import { METRICS } from "../common/core/metric-names.ts";
import type { Delivery } from "./delivery.ts";
import type { Deps } from "./deps.ts";
import { handleFailure } from "./handle-failure.ts";
import { writeExport } from "./write-export.ts";

/** A lease outlives the invocation, which Lambda ends for sure when its time is up, by so much. */
const LEASE_MARGIN_MS = 5_000;
/**
 * Part of the time left at the start that a pass may use. The rest is for the last page and part. A pass that pauses
 * by plan must not resemble one that is about to run out of time.
 */
const SHARE_OF_TIME = 0.6;
/** Delay of the message for the next pass. In that time this pass gives its lease back. */
const NEXT_PASS_SECONDS = 2;

/**
 * Gives an export one pass. The message only starts it, so it may be delivered any number of times: what is ready
 * stays as it is, and what another worker holds is rechecked when that one must have ended.
 * @throws what failed, when the message must come back
 */
export const runExport = async (deps: Deps, delivery: Delivery): Promise<void> => {
  const { message, receiveCount, remainingMs } = delivery;
  const startedMs = deps.clock.now();
  const { export_id, catalog_id, correlation_id } = message;
  const fields = { export_id, catalog_id, correlation_id };
  const owner = deps.newId();
  const claim = await deps.exports.claim({
    export_id,
    owner,
    now: isoTime(startedMs),
    lease_until: isoTime(startedMs + remainingMs + LEASE_MARGIN_MS),
    // If this one is killed too, no other follows, and the client that asks must get a failed state.
    last_delivery: receiveCount >= deps.maxReceiveCount,
  });
  if (claim.kind === "missing") deps.log.warn("there is no such export any more", fields);
  if (claim.kind === "ready") deps.meter.count(METRICS.RECORD_DUPLICATE, 1);
  if (claim.kind === "leased") return yieldToLease(deps, delivery, Date.parse(claim.lease_until) - startedMs);
  if (claim.kind !== "claimed") return;

  const lease = (): LeasedExport => ({ export_id, owner, now: isoTime(deps.clock.now()) });
  const endMs = startedMs + remainingMs * SHARE_OF_TIME;
  try {
    const result = await writeExport(deps, { job: claim.job, owner, mayContinue: () => deps.clock.now() < endMs });
    if (result.kind === "paused") await passOn(deps, delivery, lease, fields);
    deps.log.info(`export ${result.kind}`, { ...fields, rows_written: result.rows_written });
  } catch (error) {
    await handleFailure(deps, { receiveCount, lease, fields }, error);
  }
};

/**
 * Lets a message wait for the end of the lease that it met. It is not dropped, since the holder may have died and this
 * may be the message that must take the work up again. A new one takes its place, because to come back counts towards
 * the dead-letter queue, and to wait for another worker is no failure.
 */
const yieldToLease = async (deps: Deps, delivery: Delivery, leaseMs: number): Promise<void> => {
  const { message, receiveCount } = delivery;
  const seconds = Math.max(1, Math.ceil(leaseMs / 1000));
  // After its last attempt it goes its way to that queue: with new ones it could go round for ever.
  if (receiveCount > deps.maxReceiveCount) {
    throw new TransientError("another worker holds the export", { retryAfterSeconds: seconds });
  }
  await deps.queue.send({ ...message, earlier_deliveries: receiveCount - 1 }, seconds);
};

/**
 * Hands the export on to another pass. The message goes first: once it is sent nothing can lose the export, and if it
 * cannot be sent, this pass still has the lease and fails in good order. Dying between the two leaves two messages, of
 * which one waits for the other's lease.
 */
const passOn = async (
  deps: Deps,
  { message }: Delivery,
  lease: () => LeasedExport,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const { earlier_deliveries: _, ...next } = message;
  await deps.queue.send(next, NEXT_PASS_SECONDS);
  try {
    await deps.exports.release(lease());
  } catch (error) {
    // The new message then waits until the lease is over.
    deps.log.warn("the lease of an export was not given back", { ...fields, error: errorWords(error) });
  }
};
