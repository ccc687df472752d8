import * as z from "zod";
import { flag, list, number, part, pixels, positions, text, texts } from "../reading/lenient-leaves.ts";

/** One picture: file names and pixel sizes, `l` large and `m` medium; either may be absent. */
const KeepaImageSchema = z.looseObject({ l: text, lH: pixels, lW: pixels, m: text, mH: pixels, mW: pixels });

const VariationSchema = z.looseObject({
  asin: z.string(),
  attributes: list(z.looseObject({ dimension: text, value: text })),
  image: text,
});

/** The parts of `stats` that are read. Prices are minor units; -1 none, -2 not asked for. */
const stats = part({
  /** One value for each of the 36 series of `series.ts`; may be shorter. */
  current: positions(z.number()),
  buyBoxPrice: number,
  buyBoxShipping: number,
  buyBoxSavingBasis: number,
  buyBoxIsUsed: flag,
  buyBoxIsPreorder: flag,
  buyBoxIsBackorder: flag,
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
  features: texts,
  images: list(KeepaImageSchema),
  /** Older form of `images`: file names with commas. */
  imagesCSV: text,
  categoryTree: list(z.looseObject({ catId: number, name: text })),
  unitCount: part({ unitValue: number, unitType: text }),
  parentAsin: text,
  variations: list(VariationSchema),
  /** -1 no Amazon offer, 0 in stock, 1 pre-order, 2 unknown, 3 back-order, 4 delayed. */
  availabilityAmazon: number,
  /** Shortest and longest delay in hours. */
  availabilityAmazonDelay: positions(z.number()),
  /** Time at which Keepa last read the product, in Keepa minutes. */
  lastUpdate: number,
  /** History: one flat list for each of the 36 series of `series.ts`, null where there is none. */
  csv: positions(z.array(z.number())),
  stats,
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
  error: part({ type: text, message: text, details: text }),
  /** Parsed one by one, so that one odd product does not cost its neighbours. */
  products: z.array(z.unknown()).nullish(),
});
export type KeepaEnvelope = z.infer<typeof KeepaEnvelopeSchema>;
