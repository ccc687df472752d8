import { expressWorkers } from "../../lambdas/common/core/runs/express-workers.ts";
import type { StageSettings } from "./stage-settings.ts";

/** Calls a second of a fresh Creators API account, used where a source states no rate of its own. */
const FRESH_ACCOUNT_CALLS_PER_SECOND = 1;
/** Ids that one call of the first source carries. */
const IDS_PER_CALL = 10;
/** Smallest batch that `auto` makes. */
const SMALLEST_AUTO_BATCH = 15;

type Capacity = Pick<
  StageSettings,
  "sources" | "consumer_concurrency" | "upstream_p95_seconds" | "batch_size" | "dispatch_window_seconds"
>;

const callsPerSecond = ({ sources }: Pick<StageSettings, "sources">): number => {
  const [first] = sources;
  return (first?.calls_per_second ?? FRESH_ACCOUNT_CALLS_PER_SECOND) * (first?.allowance_share ?? 1);
};

/**
 * Workers on the `enrich` queue: what is set, or for `auto` as many as can have a call under way at the first
 * source's rate, `⌈rate × (p95 latency + 1)⌉`, 2 (the least that SQS takes) to 10.
 */
export const consumerConcurrency = (settings: Capacity): number => {
  if (settings.consumer_concurrency !== "auto") return settings.consumer_concurrency;
  return Math.min(10, Math.max(2, Math.ceil(callsPerSecond(settings) * (settings.upstream_p95_seconds + 1))));
};

/** Workers on the `enrich-express` queue: what is set, or for `auto` what the first source's rate needs. */
export const expressConcurrency = (settings: Pick<StageSettings, "sources" | "express_concurrency">): number =>
  settings.express_concurrency === "auto" ? expressWorkers(callsPerSecond(settings)) : settings.express_concurrency;

/** Workers on the `refresh` queue: one call a second needs no more, and a faster source seldom has that many free slots. */
export const REFRESH_WORKERS = 2;

/** Workers on the `requests` queue: one takes ten requests in about a second, and two are the fewest that SQS takes. */
export const REQUEST_WORKERS = 2;

/** Workers on the queue of outcomes that other systems are asked after: the fewest that SQS takes. */
export const REACTION_WORKERS = 2;

/**
 * Room beside the workers in which the API answers, the functions that run every minute start, and streams are read. Queues take
 * no more than their maximum. Streams have none: each shard has as many functions as its batches run at once, so what is free of
 * this is not known. A read that finds no room comes later.
 */
const BESIDE_WORKERS = 2;

/**
 * Functions that a stage runs at once when all its workers are busy, with room for the API. An account with a lower
 * concurrency quota throttles workers and API alike: new ones have 10.
 */
export const concurrencyNeeded = (
  settings: Capacity &
    Pick<
      StageSettings,
      | "express_concurrency"
      | "ingest_concurrency"
      | "export_concurrency"
      | "daily_refresh"
      | "webhooks"
      | "webhook_concurrency"
      | "event_requests"
      | "downstream_events"
      | "shop_line"
      | "assembly_concurrency"
    >,
): number =>
  consumerConcurrency(settings) +
  expressConcurrency(settings) +
  settings.ingest_concurrency +
  settings.export_concurrency +
  (settings.daily_refresh ? REFRESH_WORKERS : 0) +
  (settings.webhooks ? settings.webhook_concurrency : 0) +
  (settings.event_requests ? REQUEST_WORKERS : 0) +
  (settings.downstream_events ? REACTION_WORKERS : 0) +
  // Two queues.
  (settings.shop_line ? 2 * settings.assembly_concurrency : 0) +
  BESIDE_WORKERS;

/** Functions that a new account runs at once. */
const NEW_ACCOUNT_QUOTA = 10;
/** Batches of a shard that are pushed to live connections at once, where there is room for it. */
const LIVE_BATCHES = 4;

/** Batches of a shard that are pushed to live connections at once: one where the stage is to fit into a new account. */
export const liveBatches = (settings: Parameters<typeof concurrencyNeeded>[0]): number =>
  concurrencyNeeded(settings) <= NEW_ACCOUNT_QUOTA ? 1 : LIVE_BATCHES;

/** Messages that the dispatch window holds when it is full. */
export const messagesInWindow = (settings: Capacity): number => {
  const batch = settings.batch_size === "auto" ? SMALLEST_AUTO_BATCH : settings.batch_size;
  return Math.ceil((callsPerSecond(settings) * settings.dispatch_window_seconds * IDS_PER_CALL) / batch);
};
