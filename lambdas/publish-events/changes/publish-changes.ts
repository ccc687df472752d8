import type { EventBus } from "../../common/adapters/events/event-bus.ts";
import { EVENT_NAMES } from "../../common/core/contract/events/event-names.ts";
import type { OutgoingEvent } from "../../common/core/contract/events/outgoing-event.ts";
import type { Change, Known } from "../../common/core/history/change.ts";
import { isPublic } from "../../common/core/licences/field-rights.ts";
import type { LicenceBook } from "../../common/core/licences/licence-book.ts";
import type { RevokedSources } from "../../common/core/licences/revocations/without-revoked.ts";
import { EXPIRED } from "../../common/core/licences/without-ended.ts";
import { type Availability, AvailabilitySchema } from "../../common/core/products/product.ts";
import type { SourceId } from "../../common/core/source-ids.ts";
import type { ChangeSink, ProductChanges } from "./change-sink.ts";

const GONE: Availability = "unavailable";

/** What may be published of which source now. */
interface ChangeRights {
  readonly licences: LicenceBook;
  readonly revoked: RevokedSources;
}

const mayPublish = (source: SourceId, { licences, revoked }: ChangeRights): boolean =>
  licences[source].history && !revoked.has(source);

/** What was recorded before, as far as it may be published still: the licence may have changed since. */
const publishable = (last: Known | undefined, rights: ChangeRights): Known | undefined =>
  last?.source && mayPublish(last.source, rights) ? last : undefined;

/** Both prices must be known: a price that was not known before has not changed. */
const priceEvent = (
  { productKey, product, latest }: ProductChanges,
  change: Change,
  rights: ChangeRights,
): OutgoingEvent[] => {
  const last = publishable(latest.values.current_price, rights);
  if (!last?.value || !last.currency || !last.source) return [];
  if (!change.value || !change.currency || !change.source || !mayPublish(change.source, rights)) return [];
  const { licences } = rights;
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
        public: [
          { source: last.source, fetched_at: last.changed_at },
          { source: change.source, fetched_at: change.changed_at },
        ].every((origin) => isPublic("current_price", origin, licences)),
        changed_at: change.changed_at,
      },
    },
  ];
};

/**
 * Whether it is not sold any more, by the word of a source that may be published, or because none has it. A state that
 * another source decided, also one whose word has ended since, is not told.
 */
const isGone = ({ product }: ProductChanges, { value, source }: Change, rights: ChangeRights): boolean => {
  if (value !== null) return value === GONE && source !== null && mayPublish(source, rights);
  const hasEnded = product.missing.some(({ field, reason }) => field === "availability_type" && reason === EXPIRED);
  return product.status === GONE && product.availability_type !== GONE && !hasEnded;
};

/** What it was before must be known, or it has not become so. */
const goneEvent = (changed: ProductChanges, change: Change, rights: ChangeRights): OutgoingEvent[] => {
  const { productKey, product, latest } = changed;
  const last = AvailabilitySchema.safeParse(publishable(latest.values.availability_type, rights)?.value);
  if (!isGone(changed, change, rights) || !last.success || last.data === GONE) return [];
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
 * The events of what changed in a product. Nothing of a source that is revoked, or whose licence has no history, is in
 * them: neither as it is now nor as it was before.
 */
const changeEvents = (changed: ProductChanges, rights: ChangeRights): OutgoingEvent[] =>
  changed.changes.flatMap((change) => {
    if (change.field === "current_price") return priceEvent(changed, change, rights);
    return change.field === "availability_type" ? goneEvent(changed, change, rights) : [];
  });

/** What decides on what may be published. */
interface PublishRights extends Pick<ChangeRights, "licences"> {
  /** @throws TransientError */
  readonly revoked: () => Promise<RevokedSources>;
}

/**
 * The sink that puts changes on the bus. It comes before the history: what that has recorded is not found again.
 * @throws TransientError when some could not be put
 */
export const publishChanges = (bus: Pick<EventBus, "publish">, { licences, revoked }: PublishRights): ChangeSink => ({
  take: async (changed) => {
    const rights = { licences, revoked: await revoked() };
    await bus.publish(changed.flatMap((one) => changeEvents(one, rights)));
  },
});
