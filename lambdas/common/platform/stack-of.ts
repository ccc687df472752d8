/** What a log line carries of a fault that nobody expected: its stack, as far as there is one. */
export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
