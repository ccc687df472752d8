import type { ContentEnds } from "../../adapters/dynamodb/content-ends/content-ends.ts";
import type { ProductKeys } from "../../adapters/dynamodb/products/product-keys.ts";
import type { RefreshStates } from "../../adapters/dynamodb/products/refresh-states.ts";
import type { RefreshDemand } from "../../adapters/dynamodb/refresh-demand/refresh-demand.ts";
import type { RefreshJobStore } from "../../adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import type { RefreshPlanStore } from "../../adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import type { RefreshQueue } from "../../adapters/sqs/refresh-queue.ts";
import type { Clock } from "../../core/clock.ts";
import type { ShopSettings } from "../../core/marketplaces/shop-settings.ts";
import type { Log } from "../../platform/logger.ts";
import type { ReadSourceStatuses } from "../source-statuses.ts";

/** What planning works with. */
export interface PlanDeps {
  readonly keys: Pick<ProductKeys, "list">;
  readonly ends: Pick<ContentEnds, "list">;
  readonly states: Pick<RefreshStates, "read">;
  /** What operators set for shops. @throws TransientError */
  readonly shops: () => Promise<ShopSettings>;
  readonly demand: Pick<RefreshDemand, "read">;
  readonly jobs: Pick<RefreshJobStore, "create" | "listOf" | "replace">;
  readonly plans: Pick<RefreshPlanStore, "begin" | "end" | "lastHour" | "saveBucket" | "readBuckets">;
  readonly queue: Pick<RefreshQueue, "send">;
  readonly readSourceStatuses: ReadSourceStatuses;
  readonly clock: Pick<Clock, "now">;
  readonly newId: () => string;
  readonly log: Pick<Log, "info" | "warn" | "error">;
}
