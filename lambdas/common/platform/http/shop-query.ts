import { MarketplaceSchema } from "../../core/products/marketplaces.ts";

/** A shop in a query, in any of the forms that people write; absent: the stage's default. */
export const queryMarketplace = () =>
  MarketplaceSchema.optional()
    .describe("The shop, as www.amazon.de, amazon.de or DE; absent: the stage's default.")
    .meta({ type: "string" });
