import { findMarketplace, type Marketplace } from "../../core/products/marketplaces.ts";
import { classifySampleData } from "../../core/sources/known/sample-data/failure-codes.ts";
import type { SourceAnswer, SourceClient, SourceProduct } from "../../core/sources/source-client.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { madeUpFields } from "./made-up.ts";

const shop = (code: string): Marketplace => {
  const place = findMarketplace(code);
  if (place) return place;
  const unknown = "MarketplaceNotServed";
  throw new SourceError("sample-data", {
    code: unknown,
    status: null,
    failureClass: classifySampleData(unknown),
    message: `there is no shop ${code}`,
  });
};

const answer = (products: SourceProduct[]): SourceAnswer => ({
  products,
  failures: [],
  raw: JSON.stringify({ simulated: true, products }),
  signals: {},
});

/** A client that invents every requested product. It calls nothing. */
export const createSampleDataClient = (): SourceClient => ({
  fetchProducts: async (request, signal) => {
    signal.throwIfAborted();
    const place = shop(request.marketplace);
    return answer([...new Set(request.asins)].map((asin) => ({ asin, fields: madeUpFields(asin, place) })));
  },
});
