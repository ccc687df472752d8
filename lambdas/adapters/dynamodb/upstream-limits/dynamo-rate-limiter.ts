import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../core/clock.ts";
import type { StateChange } from "../../../core/limiter/state-change.ts";
import { StoreRateLimiter } from "../../../core/limiter/store-rate-limiter.ts";
import { DynamoLimitStore } from "./dynamo-limit-store.ts";

/** What a `DynamoRateLimiter` is built from. */
export interface DynamoRateLimiterParts {
  readonly documentClient: DynamoDBDocumentClient;
  /** Name of the `upstream-limits` table. */
  readonly tableName: string;
  readonly clock: Clock;
  /** Gives a new unique id each time. */
  readonly ids: () => string;
  /** Called with every change of a breaker that this instance made, for the log. */
  readonly onStateChange: (change: StateChange) => void;
}

/**
 * The limiter that all instances of all functions share through the `upstream-limits` table. Make one per instance:
 * it remembers what it last saw, which is what keeps a reservation at one write.
 */
export class DynamoRateLimiter extends StoreRateLimiter {
  constructor({ documentClient, tableName, clock, ids, onStateChange }: DynamoRateLimiterParts) {
    super({ store: new DynamoLimitStore(documentClient, tableName), clock, ids, onStateChange });
  }
}
