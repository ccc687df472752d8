import { createHash } from "node:crypto";
import type { EventData } from "../../../../lambdas/common/core/contract/events/event-schemas.ts";
import type { HistoryField } from "../../../../lambdas/common/core/history/history-fields.ts";

/** The events of what changed in a product, by the field whose change they tell. */
const NAMES = {
  current_price: "ProductPriceChanged",
  availability_type: "ProductBecameUnavailable",
} as const satisfies Partial<Record<HistoryField, string>>;
type ChangedField = keyof typeof NAMES;

/** An event as it must arrive: its id is made of name, product, field and time of the change, and of nothing else. */
export const changeEvent = <Field extends ChangedField>(
  field: Field,
  data: EventData<(typeof NAMES)[Field]>,
): unknown => {
  const { asin, region, changed_at } = data;
  const key = `${region}#${asin}`;
  const hash = createHash("sha256").update(JSON.stringify([NAMES[field], key, field, changed_at]));
  const id = `evt_${hash.digest("hex").slice(0, 32)}`;
  return {
    "detail-type": NAMES[field],
    detail: { id, version: 1, time: changed_at, correlation_id: `change_${key}_${changed_at}`, data },
  };
};
