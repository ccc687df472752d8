import type { ExportMessage } from "../core/exports/export-message.ts";

/** One delivery of a message. */
export interface Delivery {
  readonly message: ExportMessage;
  /** Deliveries so far, this one and those of the messages that it stands for counted. */
  readonly receiveCount: number;
  readonly remainingMs: number;
}

/** `done`: acknowledge. Otherwise the message must come back, after so many seconds. */
export type DeliveryResult = { readonly kind: "done" } | { readonly kind: "again"; readonly seconds: number };

/** The message has done its work. */
export const DONE: DeliveryResult = { kind: "done" };
