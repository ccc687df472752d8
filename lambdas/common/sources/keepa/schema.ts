import * as z from "zod";

const text = z.string().nullish();
const number = z.number().nullish();

/** One picture: file names and pixel sizes, `l` large and `m` medium; either may be absent. */
const KeepaImageSchema = z.looseObject({ l: text, lH: number, lW: number, m: text, mH: number, mW: number });

const VariationSchema = z.looseObject({
  asin: z.string(),
  attributes: z.array(z.looseObject({ dimension: text, value: text })).nullish(),
  image: text,
});

/** The parts of `stats` that are read. Prices are minor units; -1 none, -2 not asked for. */
const StatsSchema = z.looseObject({
  /** One value for each of the 36 series of `series.ts`; may be shorter. */
  current: z.array(z.number().nullable()).nullish(),
  buyBoxPrice: number,
  buyBoxShipping: number,
  buyBoxSavingBasis: number,
  buyBoxIsUsed: z.boolean().nullish(),
  buyBoxIsPreorder: z.boolean().nullish(),
  buyBoxIsBackorder: z.boolean().nullish(),
  totalOfferCount: number,
});

/** A product object of Keepa. Unknown keys are kept, null means absent. */
export const KeepaProductSchema = z.looseObject({
  asin: z.string(),
  /** 0 standard, 1 downloadable, 2 e-book, 3 not accessible, 4 invalid or no data, 5 variation parent. */
  productType: number,
  title: text,
  brand: text,
  manufacturer: text,
  description: text,
  features: z.array(z.string()).nullish(),
  images: z.array(KeepaImageSchema).nullish(),
  /** Older form of `images`: file names with commas. */
  imagesCSV: text,
  categoryTree: z.array(z.looseObject({ catId: number, name: text })).nullish(),
  parentAsin: text,
  variations: z.array(VariationSchema).nullish(),
  /** -1 no Amazon offer, 0 in stock, 1 pre-order, 2 unknown, 3 back-order, 4 delayed. */
  availabilityAmazon: number,
  /** Shortest and longest delay in hours. */
  availabilityAmazonDelay: z.array(z.number()).nullish(),
  /** Time at which Keepa last read the product, in Keepa minutes. */
  lastUpdate: number,
  /** History: one flat list for each of the 36 series of `series.ts`, null where there is none. */
  csv: z.array(z.array(z.number()).nullable().catch(null)).nullish().catch(null),
  stats: StatsSchema.nullish(),
});
export type KeepaProduct = z.infer<typeof KeepaProductSchema>;

/** Every JSON answer of Keepa, errors too. A failure may come with status 200. */
export const KeepaEnvelopeSchema = z.looseObject({
  /** Balance; may be negative or fractional. */
  tokensLeft: number,
  /** Milliseconds to the next refill. */
  refillIn: number,
  /** Tokens a minute. */
  refillRate: number,
  tokensConsumed: number,
  error: z.looseObject({ type: text, message: text, details: text }).nullish(),
  /** Parsed one by one, so that one odd product does not cost its neighbours. */
  products: z.array(z.unknown()).nullish(),
});
export type KeepaEnvelope = z.infer<typeof KeepaEnvelopeSchema>;
