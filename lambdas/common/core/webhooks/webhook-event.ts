import { isoTime } from "../clock.ts";
import type { DeliveredEvent } from "./delivery.ts";

/** Something that happened. */
export interface WebhookEvent {
  readonly event: DeliveredEvent;
  /** Names it: the same each time that it is found. */
  readonly key: string;
  readonly atMs: number;
  /** Keys, states and counts only: what is sent leaves the licences' reach. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The body of an event, the same text each time.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const bodyOf = ({ event, atMs, data }: WebhookEvent): string =>
  JSON.stringify({ type: event, timestamp: isoTime(atMs), data });
