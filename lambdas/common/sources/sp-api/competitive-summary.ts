import * as z from "zod";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { amount, list, number, part, text } from "../reading/lenient-leaves.ts";
import { codeFor } from "./errors.ts";
import { explain } from "./explain.ts";
import { amountIn, comparable } from "./money.ts";
import { pricedFields } from "./priced-fields.ts";

const MoneySchema = z.looseObject({ currencyCode: text, amount });
const moneyPart = MoneySchema.nullish().catch(null);
type SummaryMoney = z.infer<typeof MoneySchema>;

const OfferSchema = z.looseObject({
  condition: text,
  listingPrice: moneyPart,
  shippingOptions: list(z.looseObject({ shippingOptionType: text, price: moneyPart })),
  /** Who sees this offer featured: PRIME, NON_PRIME, DEFAULT, each with its share of the page's views. */
  featuredOfferSegments: list(
    z.looseObject({ customerMembership: text, segmentDetails: part({ glanceViewWeightPercentage: number }) }),
  ),
});
type Offer = z.infer<typeof OfferSchema>;

const BodySchema = z.looseObject({
  asin: z.string(),
  featuredBuyingOptions: list(z.looseObject({ buyingOptionType: text, segmentedFeaturedOffers: list(OfferSchema) })),
  referencePrices: list(z.looseObject({ name: text, price: moneyPart })),
  lowestPricedOffers: list(
    z.looseObject({
      lowestPricedOffersInput: part({ itemCondition: text, offerType: text }),
      /** A list that is none counts as not given: an empty one says that nobody sells the product. */
      offers: z.array(z.unknown()).nullish().catch(null),
    }),
  ),
});
type Body = z.infer<typeof BodySchema>;
const OffersSchema = list(OfferSchema);

const EntrySchema = z.looseObject({
  status: part({ statusCode: number, reasonPhrase: text }),
  body: z.unknown().optional(),
});

/** Answer of getCompetitiveSummary of pricing 2022-05-01: HTTP 200 although single entries fail. */
export const CompetitiveSummarySchema = z.looseObject({ responses: z.array(z.unknown()) });

const money = (place: Marketplace, given: SummaryMoney | null | undefined): string | null =>
  amountIn(place, given?.amount, given?.currencyCode);

const landed = (offer: Offer): number => {
  const shipping = offer.shippingOptions.find((option) => option.shippingOptionType === "DEFAULT")?.price?.amount;
  const added = comparable(shipping);
  return comparable(offer.listingPrice?.amount) + (Number.isFinite(added) ? added : 0);
};

/** Share of the page's views in which a shopper without Prime sees the offer; 100 where the answer does not say. */
const plainViews = (offer: Offer): number => {
  if (offer.featuredOfferSegments.length === 0) return 100;
  return offer.featuredOfferSegments
    .filter((segment) => segment.customerMembership !== "PRIME")
    .reduce((sum, segment) => sum + (segment.segmentDetails?.glanceViewWeightPercentage ?? 0), 0);
};

/** The new offers of the list for consumers, not businesses; undefined when the answer has no such list. */
const lowestNew = (body: Body): readonly unknown[] | undefined =>
  body.lowestPricedOffers.find(
    ({ lowestPricedOffersInput: input }) =>
      input?.itemCondition === "New" && (input.offerType ?? "Consumer") === "Consumer",
  )?.offers ?? undefined;

const fieldsOf = (body: Body, place: Marketplace): Partial<ProductFields> => {
  const options = body.featuredBuyingOptions.filter(({ buyingOptionType }) => buyingOptionType === "New");
  const featured = options
    .flatMap(({ segmentedFeaturedOffers }) => segmentedFeaturedOffers)
    .toSorted((left, right) => plainViews(right) - plainViews(left));
  const counted = lowestNew(body);
  const [lowest] = OffersSchema.parse(counted).toSorted((left, right) => landed(left) - landed(right));
  const current = money(place, featured[0]?.listingPrice) ?? money(place, lowest?.listingPrice);
  const original = money(place, body.referencePrices.find(({ name }) => name === "WasPrice")?.price);
  const nobody = featured.length === 0 && counted?.length === 0;
  return {
    ...pricedFields(current, original, place),
    availability_type: current !== null ? "in_stock" : nobody ? "out_of_stock" : "unknown",
  };
};

const unknownShape = (asin: string): SourceItemFailure => ({
  asin,
  code: "UnexpectedShape",
  message: explain("UnexpectedShape").reason,
});

const readEntry = (raw: unknown, place: Marketplace): SourceProduct | SourceItemFailure => {
  const entry = EntrySchema.safeParse(raw).data;
  const body = BodySchema.safeParse(entry?.body).data;
  const statusCode = entry?.status?.statusCode ?? null;
  if (!entry || statusCode === null) return unknownShape(body?.asin ?? "");
  if (statusCode !== 200) {
    const { code, said } = codeFor(statusCode, entry.body);
    return { asin: body?.asin ?? "", code, message: said ?? explain(code).reason };
  }
  return body ? { asin: body.asin, fields: fieldsOf(body, place) } : unknownShape("");
};

/**
 * Reads an answer of getCompetitiveSummary: the listing price, without shipping, of the new offer that most shoppers
 * without Prime see featured, else of the new offer that is cheapest with shipping; and the former price beside it.
 * Amounts are decimal major units.
 * @throws ZodError when the body is no such answer
 */
export const readCompetitiveSummary = (body: unknown, place: Marketplace): (SourceProduct | SourceItemFailure)[] =>
  CompetitiveSummarySchema.parse(body).responses.map((entry) => readEntry(entry, place));
