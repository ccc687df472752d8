import { errorStack } from "../common/core/error-words.ts";
import { type CatalogProgress, isNews } from "../common/core/live/catalog-progress.ts";
import { UPDATE_INTERVAL_MS } from "../common/core/live/live-limits.ts";
import type { NewProduct } from "../common/core/live/new-product.ts";
import { METRICS } from "../common/core/metric-names.ts";
import { createGate } from "../common/platform/gate.ts";
import type { RemainingTime } from "../common/platform/sqs/batch-handler.ts";
import type { Deps } from "./deps.ts";
import { push, type Sending } from "./push.ts";
import { type Change, readChanges, StreamEventSchema } from "./read-changes.ts";

/** Messages that are sent at the same time; the SDK opens as many connections. */
const PARALLEL_SENDS = 50;
/**
 * Tries to send within the pace of a channel, each up to an interval later. After that others have sent all the time, or hold the
 * right by a clock that is ahead, and the state is sent beside the pace: one in 1.75 s or more, because batches of a row follow each other.
 */
const MAX_PACE_TRIES = 8;
/** Channels of which an instance remembers what it sent. */
const MAX_REMEMBERED = 1_000;

/** The records that Lambda hands over again; it ends the shard's progress before the first of them. */
export interface StreamBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Sends what changed to who listens: states of catalogs, and new products of sellers. Lambda hands over the records of one run in their order, one batch at a time. Of a batch
 * the newest state is sent, at once if the run was sent nothing for a quarter of a second, else after the rest of it. What
 * changes meanwhile is in the next batch: so the last state of a window is always sent, by the batch that it is in.
 * One read says which channels are listened to; most are not, and cost no more.
 * @throws Error when all changes that somebody listens to failed: Lambda then tries again, bisects, and gives up by age
 */
export const createHandler = (deps: Deps) => {
  const sent = new Map<string, CatalogProgress>();
  return async (raw: unknown, context: RemainingTime): Promise<StreamBatchResponse> => {
    try {
      const { progress, products, unreadable } = readChanges(StreamEventSchema.parse(raw).Records);
      for (const { sequenceNumber, problem } of unreadable) {
        deps.meter.count(METRICS.PUSH_ERRORS, 1);
        deps.log.error("a change is unreadable and nobody is notified of it", { record: sequenceNumber, problem });
      }
      // Claims and dispatches change a run's row too, but not its sequence.
      const news = progress.filter(({ channel, message }) => isNews(sent.get(channel), message));
      const listened = await deps.listened.among(
        [...news, ...products].map(({ channel }) => channel),
        deps.clock.now(),
      );
      const isHeard = ({ channel }: Change): boolean => listened.has(channel);
      const [heardNews, heardProducts] = [news.filter(isHeard), products.filter(isHeard)];
      const sending = { gate: createGate(PARALLEL_SENDS), remainingMs: () => context.getRemainingTimeInMillis() };
      const changes: readonly Change[] = [...heardNews, ...heardProducts];
      const results = await Promise.allSettled([
        ...heardNews.map((change) => announceProgress(deps, sending, sent, change)),
        ...announceProducts(deps, sending, heardProducts),
      ]);
      const failed = results.flatMap((result, index) => {
        const change = changes[index];
        return result.status === "rejected" && change ? [{ change, error: result.reason as unknown }] : [];
      });
      for (const { change, error } of failed) {
        deps.log.error("a change could not be sent and comes again", {
          channel: change.channel,
          error: errorStack(error),
        });
      }
      const [first] = failed;
      // An answer would do on AWS. It is an error besides, because then nothing but errors happened.
      if (first && failed.length === changes.length) throw first.error;
      return { batchItemFailures: failed.map(({ change }) => ({ itemIdentifier: change.sequenceNumber })) };
    } finally {
      deps.meter.flush();
    }
  };
};

/**
 * Sends products. Each is sent, so nothing holds it back; it comes again when the batch is repeated for another one. Who listens to a
 * seller is read once for all products of the batch.
 */
const announceProducts = (
  deps: Deps,
  sending: Sending,
  products: readonly Change<NewProduct>[],
): readonly Promise<void>[] => {
  const listeners = new Map<Change["channel"], Promise<readonly string[]>>();
  return products.map(async ({ channel, message }) => {
    const reading = listeners.get(channel) ?? deps.connections.listeners(channel, deps.clock.now());
    listeners.set(channel, reading);
    const connectionIds = await reading;
    if (connectionIds.length > 0) await push(deps, sending, { channel, text: JSON.stringify(message), connectionIds });
  });
};

/** Sends the state of a catalog. */
const announceProgress = async (
  deps: Deps,
  sending: Sending,
  sent: Map<string, CatalogProgress>,
  { channel, message }: Change<CatalogProgress>,
): Promise<void> => {
  const connectionIds = await deps.connections.listeners(channel, deps.clock.now());
  if (connectionIds.length === 0) return;
  const inPace = (): Promise<void> => keepPace(deps, channel);
  await inPace();
  await push(deps, sending, { channel, text: JSON.stringify(message), connectionIds, beforeRepeat: inPace });
  sent.delete(channel);
  sent.set(channel, message);
  const [oldest] = sent.keys();
  if (sent.size > MAX_REMEMBERED && oldest !== undefined) sent.delete(oldest);
};

const keepPace = async ({ pace, clock }: Pick<Deps, "pace" | "clock">, channel: Change["channel"]): Promise<void> => {
  for (let tries = 0; tries < MAX_PACE_TRIES; tries += 1) {
    const waitMs = await pace.take(channel, clock.now());
    if (waitMs === 0) return;
    await clock.sleep(Math.min(waitMs, UPDATE_INTERVAL_MS));
  }
};
