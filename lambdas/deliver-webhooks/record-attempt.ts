import { isoTime } from "../common/core/clock.ts";
import { METRICS } from "../common/core/metric-names.ts";
import { type Attempt, type Delivery, isTaken, MAX_LOGGED_ATTEMPTS } from "../common/core/webhooks/delivery.ts";
import { waitAfter } from "../common/core/webhooks/retry-schedule.ts";
import { planWait } from "../common/core/webhooks/wait-plan.ts";
import { attemptOf } from "../common/services/webhooks/announce.ts";
import type { Deps } from "./deps.ts";

/** What was attempted, and by whom. */
export interface Attempted {
  readonly delivery: Delivery;
  readonly attempt: Attempt;
  readonly worker: string;
}

/** An endpoint that answers so is gone for good. */
export const GONE = 410;

type RecordDeps = Pick<Deps, "deliveries" | "queue" | "clock" | "random" | "log" | "meter">;

/** Writes how an attempt ended, and has the next one made after its wait. @throws TransientError */
export const recordAttempt = async (deps: RecordDeps, { delivery, attempt, worker }: Attempted): Promise<void> => {
  const { deliveries, queue, clock, random, log, meter } = deps;
  const { webhook_id, delivery_id, event, attempts, resent_at_attempt } = delivery;
  const nowMs = clock.now();
  const taken = isTaken(attempt);
  const waitMs = taken || attempt.status === GONE ? undefined : waitAfter(attempts - resent_at_attempt, random());
  const plan = waitMs === undefined ? undefined : planWait(nowMs, waitMs);
  const written = await deliveries.settle(delivery, worker, {
    state: taken ? "delivered" : plan ? "pending" : "failed",
    log: [...delivery.log, attempt].slice(-MAX_LOGGED_ATTEMPTS),
    finished_at: plan ? null : isoTime(nowMs),
    ...(plan ? { due_at: isoTime(plan.dueMs) } : {}),
  });
  if (taken) meter.count(METRICS.WEBHOOKS_DELIVERED, 1);
  else meter.count(METRICS.WEBHOOK_ATTEMPTS_FAILED, 1);
  const { status, error, duration_ms } = attempt;
  log.info(taken ? "a webhook was delivered" : "an attempt to deliver a webhook failed", {
    ...{ webhook_id, delivery_id, event, attempt: attempts, status, error, duration_ms },
    retry_in_seconds: waitMs === undefined ? null : Math.round(waitMs / 1_000),
  });
  // Another worker took the attempt over when the lease was over, and goes on with it.
  if (!written || plan?.delaySeconds === undefined) return;
  await queue.send([{ message: attemptOf(delivery), delaySeconds: plan.delaySeconds }]);
};

/** Ends a delivery whose endpoint is off or gone. @throws TransientError */
export const recordDropped = async (
  { deliveries, clock }: Pick<RecordDeps, "deliveries" | "clock">,
  delivery: Delivery,
  worker: string,
): Promise<void> => {
  await deliveries.settle(delivery, worker, {
    ...{ state: "dropped", log: delivery.log },
    finished_at: isoTime(clock.now()),
  });
};
