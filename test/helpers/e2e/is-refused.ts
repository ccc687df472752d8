/** Whether DynamoDB refused a write because its condition did not hold. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.name === "ConditionalCheckFailedException";
