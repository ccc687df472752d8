import { isoTime } from "../common/core/clock.ts";
import { METRICS } from "../common/core/metric-names.ts";
import { type Attempt, isTaken } from "../common/core/webhooks/delivery.ts";
import { type Endpoint, type OffReason, switchedOff } from "../common/core/webhooks/endpoint.ts";
import { MAX_FAILING_MS } from "../common/core/webhooks/retry-schedule.ts";
import type { Deps } from "./deps.ts";
import { GONE } from "./record-attempt.ts";

/** An endpoint and how it answered. */
export interface Health {
  readonly endpoint: Endpoint;
  readonly userId: string;
  readonly attempt: Attempt;
}

/** Why an endpoint that has failed for `failingMs` gets nothing any more; undefined: it still does. */
const offReasonOf = ({ status, error }: Attempt, failingMs: number): OffReason | undefined => {
  if (status === GONE) return "gone";
  if (failingMs < MAX_FAILING_MS) return undefined;
  return error === "secret_unreadable" ? error : "failing";
};

/** The endpoint as the answer leaves it; the same object where nothing changes. */
const after = (endpoint: Endpoint, attempt: Attempt, nowMs: number): Endpoint => {
  if (endpoint.state === "off") return endpoint;
  if (isTaken(attempt)) return endpoint.failing_since === null ? endpoint : { ...endpoint, failing_since: null };
  const failing_since = endpoint.failing_since ?? attempt.at;
  const offReason = offReasonOf(attempt, nowMs - Date.parse(failing_since));
  if (offReason) return switchedOff({ ...endpoint, failing_since }, offReason, nowMs);
  return endpoint.failing_since === null ? { ...endpoint, failing_since } : endpoint;
};

/**
 * Notes since when an endpoint fails, and switches it off when it is gone, or has failed or had no secret for a day. Most answers change nothing, and
 * cost no write.
 * @throws TransientError
 */
export const noteHealth = async (
  { endpoints, clock, log, meter }: Pick<Deps, "endpoints" | "clock" | "log" | "meter">,
  { endpoint, userId, attempt }: Health,
): Promise<void> => {
  const { webhook_id } = endpoint;
  const nowMs = clock.now();
  if (after(endpoint, attempt, nowMs) === endpoint) return;
  let offReason: OffReason | undefined;
  await endpoints.change(userId, (stored) => {
    offReason = undefined;
    const place = stored.findIndex((one) => one.webhook_id === webhook_id && one.url === endpoint.url);
    const seen = stored[place];
    if (!seen) return stored;
    const changed = after(seen, attempt, nowMs);
    if (changed === seen) return stored;
    if (changed.state === "off") offReason = changed.off_reason ?? undefined;
    return stored.with(place, changed);
  });
  if (offReason === undefined) return;
  meter.count(METRICS.WEBHOOKS_SWITCHED_OFF, 1);
  log.warn("a webhook endpoint was switched off", {
    ...{ webhook_id, reason: offReason, status: attempt.status, error: attempt.error },
    since: isoTime(nowMs),
  });
};
