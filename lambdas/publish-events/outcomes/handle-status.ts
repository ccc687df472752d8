import { EVENT_SYSTEM } from "../../common/core/catalogs/system-owner.ts";
import { METRICS } from "../../common/core/metric-names.ts";
import type { Product } from "../../common/core/products/product.ts";
import type { Deps } from "../deps.ts";
import { completedEvents, enrichedEvent, failedEvent, keyOf } from "./outcome-events.ts";
import { type EndedProduct, type Outcomes, readOutcomes, StatusStreamSchema } from "./read-outcomes.ts";
import { tellWebhooks } from "./tell-webhooks.ts";

/** What the function works with on the stream of catalogs, runs and batches. */
export type StatusDeps = Pick<Deps, "products" | "licences" | "failures" | "bus" | "webhooks" | "log" | "meter">;

/**
 * Runs on writes of batches and runs, after their commit: puts on the bus which products and runs ended by them, and hands runs to
 * webhooks. A record that cannot be read is logged and counted, because no retry makes it readable.
 * @throws Error when something failed; Lambda delivers the batch again, and halves it until what fails is alone
 */
export const handleStatus =
  (deps: StatusDeps) =>
  async (event: unknown): Promise<void> => {
    const { unreadable, written, ...ended } = readOutcomes(StatusStreamSchema.parse(event).Records);
    for (const { sequenceNumber, problem } of unreadable) {
      deps.meter.count(METRICS.PUBLISH_FAILURES, 1);
      deps.log.error("a change is unreadable and no event tells of it", { record: sequenceNumber, problem });
    }
    // Neither waits for the other: what one refuses comes again, and both know it then.
    const done = await Promise.allSettled([publishEnded(deps, ended), tellWebhooks(deps.webhooks, written)]);
    for (const one of done) if (one.status === "rejected") throw one.reason;
  };

/** Puts what ended on the bus. @throws TransientError */
const publishEnded = async (
  deps: StatusDeps,
  { products, runs }: Pick<Outcomes, "products" | "runs">,
): Promise<void> => {
  const enriched = products.filter(({ item }) => item.state === "enriched");
  const failed = products.filter(({ item }) => item.state === "failed");
  const [stored, messages] = await Promise.all([storedOf(deps, enriched), messagesOf(deps, failed)]);
  await deps.bus.publish([
    ...enriched.map((ended) => enrichedEvent(ended, stored.get(keyOf(ended)), deps.licences)),
    ...failed.map((ended) => failedEvent(ended, messages.get(failureKey(ended)))),
    // Catalogs that hold requests are an inner matter: each request has an answer of its own.
    ...runs.filter(({ owner_id }) => owner_id !== EVENT_SYSTEM).flatMap(completedEvents),
  ]);
};

/** Products whose variants were asked for; nothing else of a product is in its event. */
const storedOf = async ({ products }: StatusDeps, ended: readonly EndedProduct[]): Promise<Map<string, Product>> => {
  const asked = ended.filter(({ batch }) => batch.include_variations).map(keyOf);
  return asked.length === 0 ? new Map() : products.getMany(asked, { consistent: true });
};

const failureKey = (ended: EndedProduct): string => `${ended.batch.tracking_id} ${keyOf(ended)}`;

/** What is known of failures, by run and product. */
const messagesOf = async ({ failures, log }: StatusDeps, ended: readonly EndedProduct[]) => {
  const onUnreadable = (product_key: string, error: Error): void =>
    log.error("a failure cannot be read and its event has our words", { product_key, error: error.message });
  const byRun = Map.groupBy(ended, ({ batch }) => batch.tracking_id);
  const rows = await Promise.all(
    [...byRun].map(([trackingId, all]) => failures.getMany(trackingId, all.map(keyOf), onUnreadable)),
  );
  return new Map(rows.flat().map((row) => [`${row.tracking_id} ${row.product_key}`, row]));
};
