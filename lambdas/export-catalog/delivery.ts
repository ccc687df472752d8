import type { ExportMessage } from "../common/core/exports/export-message.ts";

/** One delivery of a message. */
export interface Delivery {
  readonly message: ExportMessage;
  /** Deliveries so far, this one and those of the messages that it replaces counted. */
  readonly receiveCount: number;
  readonly remainingMs: number;
}
