/** What may become of rows that were written after the moment that a table is restored to. */
export interface Restorable {
  /** Whether the table may be put back to that moment as a whole; else only rows that are missing come back. */
  readonly whole: boolean;
}

/** Tables that a restored copy may be put back into. Why the others may not stands in `NOT_RESTORABLE`. */
export const RESTORABLE: Readonly<Record<string, Restorable>> = {
  "enrichment-status": { whole: true },
  failures: { whole: true },
  "shop-products": { whole: true },
  marketplaces: { whole: true },
  // What was revoked since stays revoked.
  operations: { whole: false },
};

const CONTENT = "It holds content that licences end, so it has no backup: what it held is fetched again.";
const RIGHTS = "Keys, feeds and endpoints that were taken away since would be good again: their owners make new ones.";
const ITSELF = "It fills itself again within hours; an old copy would say what is no longer so.";

/** Tables that no copy is put back into, and why. */
export const NOT_RESTORABLE: Readonly<Record<string, string>> = {
  products: CONTENT,
  "product-history": CONTENT,
  access: RIGHTS,
  webhooks: RIGHTS,
  "dead-letters":
    "Messages that were redriven or discarded since would be open again, and would be sent a second time.",
  "upstream-limits": "It would forget calls that were made since, and the limits of the accounts would be broken.",
  "content-ends": "What is stored since would lose the note of its end, and would stay beyond its licence.",
  "assembly-staging": ITSELF,
  "live-connections": ITSELF,
  "refresh-jobs": ITSELF,
  "refresh-demand": ITSELF,
};

/** The output of the stack with the data that names a table. */
export const outputOf = (table: string): string =>
  `Table${table
    .split("-")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("")}`;
