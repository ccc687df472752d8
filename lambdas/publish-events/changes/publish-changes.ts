import type { EventBus } from "../../common/adapters/events/event-bus.ts";
import { EVENT_NAMES } from "../../common/core/contract/events/event-names.ts";
import type { OutgoingEvent } from "../../common/core/contract/events/outgoing-event.ts";
import type { Change } from "../../common/core/history/change.ts";
import { type Availability, AvailabilitySchema } from "../../common/core/products/product.ts";
import type { ChangeSink, ProductChanges } from "./change-sink.ts";

const GONE: Availability = "unavailable";

/** Both prices must be known: a price that was not known before has not changed. */
const priceEvent = ({ productKey, product, latest }: ProductChanges, change: Change): OutgoingEvent[] => {
  const last = latest.values.current_price;
  if (!last?.value || !last.currency || !change.value || !change.currency || !change.source) return [];
  return [
    {
      name: EVENT_NAMES.PRICE_CHANGED,
      ...eventOf(productKey, change),
      data: {
        asin: product.asin,
        region: product.marketplace,
        old_price: last.value,
        old_currency: last.currency,
        new_price: change.value,
        currency: change.currency,
        source: change.source,
        changed_at: change.changed_at,
      },
    },
  ];
};

/** A source said so, or none has the product any more. What it was before must be known, or it has not become so. */
const goneEvent = ({ productKey, product, latest }: ProductChanges, change: Change): OutgoingEvent[] => {
  const last = AvailabilitySchema.safeParse(latest.values.availability_type?.value);
  const isGone = change.value === GONE || (change.value === null && product.status === GONE);
  if (!isGone || !last.success || last.data === GONE) return [];
  return [
    {
      name: EVENT_NAMES.BECAME_UNAVAILABLE,
      ...eventOf(productKey, change),
      data: {
        asin: product.asin,
        region: product.marketplace,
        previous_availability: last.data,
        changed_at: change.changed_at,
      },
    },
  ];
};

const eventOf = (productKey: string, { field, changed_at }: Change) => {
  const identity = [productKey, field, changed_at];
  // No request leads to a change that is noticed: it is found by comparing the product with its history.
  return { identity, time: changed_at, correlation_id: `change_${productKey}_${changed_at}` };
};

/**
 * The events of what changed in a product. The changes are those that may be recorded, so nothing of a source whose licence
 * has no history is in them.
 */
export const changeEvents = (changed: ProductChanges): OutgoingEvent[] =>
  changed.changes.flatMap((change) => {
    if (change.field === "current_price") return priceEvent(changed, change);
    return change.field === "availability_type" ? goneEvent(changed, change) : [];
  });

/**
 * The sink that puts changes on the bus. It comes before the history: what that has recorded is not found again.
 * @throws TransientError when some could not be put
 */
export const publishChanges = (bus: Pick<EventBus, "publish">): ChangeSink => ({
  take: (changed) => bus.publish(changed.flatMap(changeEvents)),
});
