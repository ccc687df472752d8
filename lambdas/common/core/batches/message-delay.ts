/** Longest delay of an SQS message, 15 minutes. What is due later waits in a table. */
export const MAX_MESSAGE_DELAY_SECONDS = 900;
