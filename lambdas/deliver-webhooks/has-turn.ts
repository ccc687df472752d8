import type { Endpoint } from "../common/core/webhooks/endpoint.ts";
import { PRODUCTS_PACE_MS } from "../common/core/webhooks/product-window.ts";
import { holdWhileFailing, PROBE_INTERVAL_MS } from "../common/core/webhooks/retry-schedule.ts";
import { planWait } from "../common/core/webhooks/wait-plan.ts";
import type { AttemptMessage } from "../common/core/webhooks/webhook-message.ts";
import type { Deps } from "./deps.ts";

/** Tries to send within the pace of products, each up to a second later. */
const MAX_PACE_TRIES = 3;
/** Longest wait of products that did not get through then, in intervals of their pace. */
const MAX_INTERVALS = 10;

type TurnDeps = Pick<Deps, "sendRights" | "clock" | "random" | "deliveries" | "queue">;

/**
 * Whether a delivery may be attempted now. A failing endpoint gets one attempt at a time, so that its time-outs keep no others
 * waiting, and products come once a second at most, also by hand. Else the delivery waits, which uses up no attempt.
 * @throws TransientError
 */
export const hasTurn = async (deps: TurnDeps, endpoint: Endpoint, message: AttemptMessage): Promise<boolean> => {
  // Somebody waits for what is sent by hand, and it shows whether the endpoint is well again.
  const failingSince = message.by_hand ? null : endpoint.failing_since;
  if (failingSince !== null && !(await mayProbe(deps, failingSince, message))) return false;
  // A probe too: when it succeeds, all that waits goes at once.
  return message.event !== "product.updated" || keepsPace(deps, message);
};

const mayProbe = async (deps: TurnDeps, failingSince: string, message: AttemptMessage): Promise<boolean> => {
  const nowMs = deps.clock.now();
  if ((await deps.sendRights.take(message.webhook_id, "probe", PROBE_INTERVAL_MS, nowMs)) === 0) return true;
  await putOff(deps, message, holdWhileFailing(nowMs - Date.parse(failingSince), deps.random()));
  return false;
};

const keepsPace = async (deps: TurnDeps, message: AttemptMessage): Promise<boolean> => {
  const { sendRights, clock, random } = deps;
  for (let tries = 0; tries < MAX_PACE_TRIES; tries += 1) {
    const waitMs = await sendRights.take(message.webhook_id, "products", PRODUCTS_PACE_MS, clock.now());
    if (waitMs === 0) return true;
    await clock.sleep(waitMs);
  }
  await putOff(deps, message, PRODUCTS_PACE_MS * (1 + (MAX_INTERVALS - 1) * random()));
  return false;
};

const putOff = async (
  { deliveries, queue, clock }: TurnDeps,
  message: AttemptMessage,
  waitMs: number,
): Promise<void> => {
  const nowMs = clock.now();
  const { dueMs, delaySeconds } = planWait(nowMs, waitMs);
  if (!(await deliveries.postpone(message, message.attempts, { dueMs, nowMs }))) return;
  if (delaySeconds !== undefined) await queue.send([{ message, delaySeconds }]);
};
