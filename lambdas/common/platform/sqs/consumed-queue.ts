/** The queue that a consumer reads, as far as the consumer settles its records there itself. */
export interface ConsumedQueue {
  /**
   * Has a record delivered again after `seconds` (0 to 43,200) instead of after the queue's whole visibility timeout.
   * @throws TransientError; the record then waits that timeout out
   */
  changeVisibility(receiptHandle: string, seconds: number): Promise<void>;
  /**
   * Deletes records that are done, ahead of the function's own response.
   * @throws TransientError when some could not be deleted
   */
  remove(receiptHandles: readonly string[]): Promise<void>;
}
