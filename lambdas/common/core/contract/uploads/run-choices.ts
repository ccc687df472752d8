import { DEFAULT_MARKETPLACE } from "../../products/marketplaces.ts";

/** Refusal of a batch size, in a query and in a body. */
export const SIZE_RULE = { error: "must be 5 to 50, or auto" };

/** What `marketplace` of an upload means. */
export const MARKETPLACE_WORDS = `Shop of rows that name none, as www.amazon.de, amazon.de or DE; absent: ${DEFAULT_MARKETPLACE}.`;

/** What the choices of a run mean, wherever they are made: in a query or in a body. */
export const RUN_WORDS = {
  provider: "Source to ask first; absent: the stage's order.",
  fallback:
    "Whether later sources may fill what the first left open; `false`: only `provider` is asked, or else the first source that has credentials.",
  force:
    "Fetch products again that are still fresh (24 h), and for an upload: start although the same products are being enriched already.",
  batch_size:
    "Products a batch, 5 to 50. `auto`: 15 for fewer than 100 products, 20 for fewer than 500, 25 up to 1,000, else 30. Absent: the stage's setting.",
  include: "`variations`: list the colour variants too, at up to one more call for each product.",
  refresh:
    "`daily`: mark the products to be kept fresh for 30 days after the run. A stage without the daily refresh answers 409 `refresh_off`.",
};
