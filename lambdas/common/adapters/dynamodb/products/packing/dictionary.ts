/** Fields in the order in which they were when the dictionary was made: it never follows the code. */
const ORIGINS = [
  ...["title", "brand", "manufacturer", "features", "specifications", "categories", "image_url", "images"],
  ...["detail_page_url", "current_price", "original_price", "savings_amount", "savings_percentage", "currency"],
  ...["condition", "availability_type", "availability_message", "star_rating", "customer_review_count"],
];
const SPECIFICATIONS = [
  ...[
    "Brand",
    "Material",
    "Style",
    "UnitCount",
    "ProductGroup",
    "Binding",
    "EAN",
    "UPC",
    "ISBN",
    "PartNumber",
    "Model",
  ],
  ...["Color", "Size", "Height", "Length", "Weight", "Width", "ReleaseDate", "NumberOfItems"],
];
const SHOP_WORDS =
  'sp-api keepa paapi product-page sample-data {"color_name":"","asin":"B0","images":[{"small":"","medium":"","large":"https://m.media-amazon.com/images/I/._SL160_._SL75_.jpg"}]} www.amazon.de www.amazon.co.uk EUR GBP JPY out_of_stock unavailable preorder backorder low_stock unknown T00:00:01Z One Size pounds ';

/** The commonest last: what is near is cheapest to refer to. */
const text = (): string =>
  SHOP_WORDS +
  JSON.stringify({
    parent_asin: null,
    description: null,
    brand: "",
    manufacturer: "",
    features: [" with the and for "],
    specifications: SPECIFICATIONS.map((name) => ({ name, value: " inches" })),
    categories: [""],
    image_url: "https://m.media-amazon.com/images/I/",
    images: [
      { url: "https://m.media-amazon.com/images/I/._SL500_.jpg", width: 500, height: 500 },
      { url: "https://m.media-amazon.com/images/I/._SL1500_.jpg", width: 1500, height: 1500 },
    ],
    detail_page_url: "https://www.amazon.com/dp/B0?tag=-20&linkCode=ogi&th=1&psc=1",
    original_price: "9.99",
    savings_amount: "0.00",
    savings_percentage: 25,
    condition: "New",
    availability_message: "In Stock",
    star_rating: 4.5,
    customer_review_count: 1,
    variants: null,
    missing: [{ field: "star_rating", reason: "creators-api does not give it" }],
    origins: [["creators-api", "2026-01-01T00:00:00.000Z", ORIGINS]],
    quality: { overall: 0.98, completeness: 1, accuracy: 0.95, freshness: 1, reasons: [] },
    raw_keys: ["raw/creators-api/2026-01-01/get-items-www.amazon.com-"],
  });

/**
 * Text that packed products are likely to have, by the number that each of them begins with. What was packed with one can be
 * read with nothing else, so an entry never changes: a better one is a further entry.
 */
export const DICTIONARIES: Readonly<Record<number, Buffer>> = { 1: Buffer.from(text()) };

/** The one that is written with. */
export const NEWEST_DICTIONARY = 1;
