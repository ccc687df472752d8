import { RETRY_DELAYS_SECONDS } from "../../common/core/batches/settle/retry-policy.ts";
import { EVENT_NAMES } from "../../common/core/contract/events/event-names.ts";
import type { OutgoingEvent } from "../../common/core/contract/events/outgoing-event.ts";
import type { ProductEnriched } from "../../common/core/contract/events/product-outcomes.ts";
import type { LicenceBook } from "../../common/core/licences/licence-book.ts";
import type { Product } from "../../common/core/products/product.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { FailureRow } from "../../common/core/runs/failure-row.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import { CLOSED_RUN_STATES, type RunState } from "../../common/core/runs/run-states.ts";
import { OWN_CODES } from "../../common/core/sources/failure-codes.ts";
import { ownCodeWords } from "../../common/core/sources/own-code-words.ts";
import { boundedText } from "../../common/core/text/bounded-text.ts";
import type { EndedProduct } from "./read-outcomes.ts";

/** Variants that an event names; a family of clothes may have thousands. */
const MAX_VARIANTS = 200;
/** Bytes of a failure's words in an event. */
const MAX_MESSAGE_BYTES = 2_048;

/** The product of an outcome. */
export const keyOf = ({ batch, item }: EndedProduct): string => productKey(batch.marketplace, item.asin);

const aboutProduct = ({ batch, item }: EndedProduct) => ({
  // A write of the batch has one version, so the same record gives the same identity.
  identity: [batch.batch_id, item.asin, batch.version],
  time: batch.updated_at,
  correlation_id: item.request?.correlation_id ?? batch.correlation_id,
});

const requestIdOf = ({ batch, item }: EndedProduct): string => item.request?.id ?? batch.tracking_id;

/**
 * Colours of a product, as far as an archive may keep them: ASINs always, names only where the licence of their source has
 * history, because the archive is one.
 */
const variantsOf = (product: Product | undefined, licences: LicenceBook): ProductEnriched["color_variants"] => {
  if (!product?.variants) return null;
  const origin = product.provenance.variants;
  const mayName = origin !== undefined && licences[origin.source].history;
  return product.variants
    .slice(0, MAX_VARIANTS)
    .map(({ asin, color_name }) => ({ asin, color_name: mayName ? color_name : null }));
};

/** The event of a product that was enriched. @param product as stored, where its variants were asked for */
export const enrichedEvent = (
  ended: EndedProduct,
  product: Product | undefined,
  licences: LicenceBook,
): OutgoingEvent => {
  const { batch, item } = ended;
  const tookMs = batch.work_began_at && Date.parse(batch.updated_at) - Date.parse(batch.work_began_at);
  return {
    name: EVENT_NAMES.ENRICHED,
    ...aboutProduct(ended),
    data: {
      asin: item.asin,
      region: batch.marketplace,
      request_id: requestIdOf(ended),
      color_variants: variantsOf(product, licences),
      processing_ms: typeof tookMs === "number" ? Math.max(0, tookMs) : null,
      enriched_at: batch.updated_at,
    },
  };
};

/**
 * The event of a product that failed.
 * @param failure its row, where there is one; its words may be kept without end
 */
export const failedEvent = (ended: EndedProduct, failure: Pick<FailureRow, "message"> | undefined): OutgoingEvent => {
  const { batch, item } = ended;
  const code = item.error_code ?? OWN_CODES.INTERNAL;
  const words = failure?.message || ownCodeWords(code) || `it failed with ${code}`;
  return {
    name: EVENT_NAMES.FAILED,
    ...aboutProduct(ended),
    data: {
      asin: item.asin,
      region: batch.marketplace,
      request_id: requestIdOf(ended),
      error_code: code,
      error_message: boundedText(words, MAX_MESSAGE_BYTES),
      failed_at: batch.updated_at,
      // The last attempt is none that was tried again.
      retry_count: (item.request?.retry_count ?? 0) + Math.min(item.attempts, RETRY_DELAYS_SECONDS.length),
    },
  };
};

const isClosed = (state: RunState): state is (typeof CLOSED_RUN_STATES)[number] =>
  (CLOSED_RUN_STATES as readonly RunState[]).includes(state);

/** The event of a run that ended. */
export const completedEvents = (run: RunRow): OutgoingEvent[] => {
  const { state, catalog_id, batch_id, uploaded, enriched, failed, cancelled } = run;
  if (!isClosed(state)) return [];
  const finished_at = run.finished_at ?? run.updated_at;
  return [
    {
      name: EVENT_NAMES.RUN_COMPLETED,
      // A run that is retried ends at another time.
      identity: [batch_id, state, finished_at],
      time: finished_at,
      correlation_id: run.correlation_id,
      data: {
        ...{ catalog_id, tracking_id: batch_id, state, finished_at },
        counts: { products: uploaded, enriched, failed, cancelled },
      },
    },
  ];
};
