import * as z from "zod";
import { isBelow } from "../../core/money/savings.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { codeFor } from "./errors.ts";
import { explain } from "./explain.ts";
import { amountIn } from "./money.ts";
import { pricedFields } from "./priced-fields.ts";

const text = z.string().nullish();
const number = z.number().nullish();
const MoneySchema = z.looseObject({ currencyCode: text, amount: number });
type SummaryMoney = z.infer<typeof MoneySchema>;

const OfferSchema = z.looseObject({
  condition: text,
  listingPrice: MoneySchema.nullish(),
  shippingOptions: z.array(z.looseObject({ shippingOptionType: text, price: MoneySchema.nullish() })).nullish(),
  /** Who sees this offer featured: PRIME, NON_PRIME, DEFAULT, each with its share of the page's views. */
  featuredOfferSegments: z
    .array(
      z.looseObject({
        customerMembership: text,
        segmentDetails: z.looseObject({ glanceViewWeightPercentage: number }).nullish(),
      }),
    )
    .nullish(),
});
type Offer = z.infer<typeof OfferSchema>;

const BodySchema = z.looseObject({
  asin: z.string(),
  featuredBuyingOptions: z
    .array(z.looseObject({ buyingOptionType: text, segmentedFeaturedOffers: z.array(OfferSchema).nullish() }))
    .nullish(),
  referencePrices: z.array(z.looseObject({ name: text, price: MoneySchema.nullish() })).nullish(),
  lowestPricedOffers: z
    .array(
      z.looseObject({
        lowestPricedOffersInput: z.looseObject({ itemCondition: text, offerType: text }).nullish(),
        offers: z.array(OfferSchema).nullish(),
      }),
    )
    .nullish(),
});
type Body = z.infer<typeof BodySchema>;

/** Answer of getCompetitiveSummary of pricing 2022-05-01: HTTP 200 although single entries fail. */
export const CompetitiveSummarySchema = z.looseObject({
  responses: z.array(
    z.looseObject({
      status: z.looseObject({ statusCode: z.number(), reasonPhrase: text }),
      body: z.unknown().optional(),
    }),
  ),
});
type Entry = z.infer<typeof CompetitiveSummarySchema>["responses"][number];

const money = (place: Marketplace, amount: SummaryMoney | null | undefined): string | null =>
  amountIn(place, amount?.amount, amount?.currencyCode);

const landed = (offer: Offer): number => {
  const shipping = offer.shippingOptions?.find((option) => option.shippingOptionType === "DEFAULT")?.price?.amount;
  return (offer.listingPrice?.amount ?? Infinity) + (shipping ?? 0);
};

/** Share of the page's views in which a shopper without Prime sees the offer; 1 where the answer does not say. */
const plainViews = (offer: Offer): number => {
  if (!offer.featuredOfferSegments?.length) return 100;
  return offer.featuredOfferSegments
    .filter((segment) => segment.customerMembership !== "PRIME")
    .reduce((sum, segment) => sum + (segment.segmentDetails?.glanceViewWeightPercentage ?? 0), 0);
};

/** The new offers of the list for consumers, not businesses; undefined when the answer has no such list. */
const lowestNew = (body: Body): readonly Offer[] | undefined =>
  body.lowestPricedOffers?.find(
    ({ lowestPricedOffersInput: input }) =>
      input?.itemCondition === "New" && (input.offerType ?? "Consumer") === "Consumer",
  )?.offers ?? undefined;

const fieldsOf = (body: Body, place: Marketplace): Partial<ProductFields> => {
  const featured = (body.featuredBuyingOptions ?? [])
    .filter(({ buyingOptionType }) => buyingOptionType === "New")
    .flatMap(({ segmentedFeaturedOffers }) => segmentedFeaturedOffers ?? [])
    .toSorted((left, right) => plainViews(right) - plainViews(left));
  const lowest = lowestNew(body)?.toSorted((left, right) => landed(left) - landed(right));
  const current = money(place, featured[0]?.listingPrice) ?? money(place, lowest?.[0]?.listingPrice);
  const was = money(place, body.referencePrices?.find(({ name }) => name === "WasPrice")?.price);
  const original = was !== null && (current === null || isBelow(current, was)) ? was : null;
  const nobody = featured.length === 0 && lowest?.length === 0;
  return {
    ...pricedFields(current, original, place),
    availability_type: current !== null ? "in_stock" : nobody ? "out_of_stock" : "unknown",
  };
};

const readEntry = (entry: Entry, place: Marketplace): SourceProduct | SourceItemFailure => {
  const parsed = BodySchema.safeParse(entry.body);
  const named = z.looseObject({ asin: z.string() }).safeParse(entry.body);
  const asin = named.success ? named.data.asin : "";
  const { statusCode } = entry.status;
  if (statusCode !== 200) {
    const { code, said } = codeFor(statusCode, entry.body);
    return { asin, code, message: said ?? explain(code).reason };
  }
  if (parsed.success) return { asin, fields: fieldsOf(parsed.data, place) };
  return { asin, code: "UnexpectedShape", message: explain("UnexpectedShape").reason };
};

/**
 * Reads an answer of getCompetitiveSummary: the listing price, without shipping, of the new offer that most shoppers
 * without Prime see featured, else of the new offer that is cheapest with shipping; and the former price beside it.
 * Amounts are decimal major units.
 * @throws ZodError when the body is no such answer
 */
export const readCompetitiveSummary = (body: unknown, place: Marketplace): (SourceProduct | SourceItemFailure)[] =>
  CompetitiveSummarySchema.parse(body).responses.map((entry) => readEntry(entry, place));
