import { MAX_MESSAGE_DELAY_SECONDS } from "../batches/message-delay.ts";
import { MESSAGE_LOST_AFTER_MS } from "./delivery.ts";

/** How a delivery waits. */
export interface WaitPlan {
  /** When its row is due. */
  readonly dueMs: number;
  /** Delay of the message that is sent now; undefined: the schedule sends one when the row is due. */
  readonly delaySeconds: number | undefined;
}

/** Lets a delivery wait in the queue while the queue can hold it, and else in its row, which is the net for lost messages too. */
export const planWait = (nowMs: number, waitMs: number): WaitPlan =>
  waitMs <= MAX_MESSAGE_DELAY_SECONDS * 1_000
    ? { dueMs: nowMs + waitMs + MESSAGE_LOST_AFTER_MS, delaySeconds: Math.ceil(waitMs / 1_000) }
    : { dueMs: nowMs + waitMs, delaySeconds: undefined };
