import { boundFields } from "../../core/products/product-bounds.ts";
import type { SourceAnswer, SourceClient, SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { upstreamWords } from "../../core/sources/upstream/upstream-words.ts";

const boundProduct = ({ asin, fields: given }: SourceProduct): SourceProduct => {
  const { fields, cuts } = boundFields(given);
  return Object.keys(cuts).length === 0 ? { asin, fields } : { asin, fields, cuts };
};

const boundFailure = (failure: SourceItemFailure): SourceItemFailure => ({ ...failure, ...upstreamWords(failure) });

type Fetch<Request> = (request: Request, signal: AbortSignal) => Promise<SourceAnswer>;

const bounded =
  <Request>(fetch: Fetch<Request>): Fetch<Request> =>
  async (request, signal) => {
    const answer = await fetch(request, signal);
    return { ...answer, products: answer.products.map(boundProduct), failures: answer.failures.map(boundFailure) };
  };

const boundedVariations =
  (fetch: NonNullable<SourceClient["fetchVariations"]>): NonNullable<SourceClient["fetchVariations"]> =>
  async (request, signal) => {
    const answer = await fetch(request, signal);
    const { fields } = boundFields({ variants: answer.variants, parent_asin: answer.parentAsin });
    return { ...answer, variants: fields.variants ?? [], parentAsin: fields.parent_asin ?? null };
  };

/**
 * A source's client whose answers can be stored, whatever the upstream wrote: this is the edge at which foreign text
 * enters. What the client cannot do, this one cannot either.
 */
export const boundedClient = (client: SourceClient): SourceClient => {
  const { prepare, connectionTo, refusalFor, screen, fetchOffers, search, fetchVariations, fetchSeries } = client;
  return {
    ...(prepare ? { prepare: prepare.bind(client) } : {}),
    ...(connectionTo ? { connectionTo: connectionTo.bind(client) } : {}),
    ...(refusalFor ? { refusalFor: refusalFor.bind(client) } : {}),
    ...(screen ? { screen: (asins) => screen.call(client, asins).map(boundFailure) } : {}),
    fetchProducts: bounded(client.fetchProducts.bind(client)),
    ...(fetchOffers ? { fetchOffers: bounded(fetchOffers.bind(client)) } : {}),
    ...(search ? { search: bounded(search.bind(client)) } : {}),
    ...(fetchVariations ? { fetchVariations: boundedVariations(fetchVariations.bind(client)) } : {}),
    // Made of numbers, by `priceSeries`, which bounds them.
    ...(fetchSeries ? { fetchSeries: fetchSeries.bind(client) } : {}),
  };
};
