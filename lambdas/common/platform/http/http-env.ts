import type { LambdaContext } from "hono/aws-lambda";

/** What the HTTP app logs through; the Powertools logger fits. */
export interface HttpLogger {
  info(message: string, extra: Record<string, unknown>): void;
  warn(message: string, extra: Record<string, unknown>): void;
  error(message: string, extra: Record<string, unknown>): void;
  /** Does work with fields on every line logged meanwhile; absent: lines carry their own only. */
  during?<Result>(fields: Record<string, unknown>, work: () => Promise<Result>): Promise<Result>;
}

/** Types of the Hono app: the Lambda event comes in as a binding. */
export interface HttpEnv {
  Bindings: { event?: unknown; lambdaContext?: LambdaContext };
  Variables: { correlationId: string };
}
