import type { RawRecord } from "./queue-record.ts";

/** A queue from which a function that is at work receives further messages itself, beside its event source. */
export interface ReceivingQueue {
  /**
   * Receives 1 to 10 messages and hides them for half a minute.
   * @param waitSeconds how long to wait for the first one, 0 to 20
   * @throws TransientError; what was received and not answered comes back when it is visible again
   */
  receive(most: number, waitSeconds: number): Promise<readonly RawRecord[]>;
}

/** The queue that a consumer reads, as far as the consumer settles its records there itself. */
export interface ConsumedQueue {
  /**
   * Has a record delivered again after `seconds` (0 to 43,200) instead of after the queue's whole visibility timeout.
   * @throws TransientError; the record then waits that timeout out
   */
  changeVisibility(receiptHandle: string, seconds: number): Promise<void>;
  /**
   * Does so for many records.
   * @throws TransientError when some could not be changed; those wait the queue's visibility timeout out
   */
  changeVisibilities(receiptHandles: readonly string[], seconds: number): Promise<void>;
  /**
   * Deletes records that are done, ahead of the function's own response.
   * @throws TransientError when some could not be deleted
   */
  remove(receiptHandles: readonly string[]): Promise<void>;
}
