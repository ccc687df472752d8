import { boundedText, utf8Bytes } from "../text/bounded-text.ts";
import {
  ImageSchema,
  PRODUCT_FIELDS,
  type ProductField,
  type ProductFields,
  ProductFieldsSchema,
  type Variant,
  VariantSchema,
} from "./product.ts";

type Image = NonNullable<ProductFields["images"]>[number];

/** What was cut from fields, in words, by field; a field that was not cut is absent. */
export type Cuts = Readonly<Partial<Record<ProductField, string>>>;

/** Most bytes of an address; a longer one is left out, because the beginning of an address is none. */
const MAX_URL_BYTES = 2_048;
/** Most bytes of one text in a list. */
const MAX_ENTRY_BYTES = 4_096;
/** Most bytes of an attribute's name, and of its value. */
const MAX_NAME_BYTES = 256;
const MAX_VALUE_BYTES = 2_048;
/** Most bytes of a colour's name. */
const MAX_COLOUR_BYTES = 512;

const isUrl = (url: string): boolean => url.isWellFormed() && utf8Bytes(url) <= MAX_URL_BYTES;
const urlOrNull = (url: string | null): string | null => (url !== null && isUrl(url) ? url : null);

/** The first entries of a list that fit together. */
const fitting = <T>(entries: readonly T[], maxBytes: number): T[] => {
  let bytes = 0;
  const end = entries.findIndex((entry) => {
    bytes += utf8Bytes(JSON.stringify(entry)) + 1;
    return bytes > maxBytes;
  });
  return end < 0 ? [...entries] : entries.slice(0, end);
};

const isImage = (given: Image): boolean => isUrl(given.url) && ImageSchema.safeParse(given).success;
const image = ({ url, width, height }: Image): Image => ({ url, width, height });

const variant = ({ color_name, asin, images }: Variant): Variant => ({
  color_name: color_name === null ? null : boundedText(color_name, MAX_COLOUR_BYTES),
  asin,
  images: images.map(({ small, medium, large }) => ({
    small: urlOrNull(small),
    medium: urlOrNull(medium),
    large: urlOrNull(large),
  })),
});

const isVariant = (given: Variant): boolean => VariantSchema.safeParse(given).success;

/** A value as it can be stored; `cut`: what was shortened, in words. */
interface Bounded<Value> {
  readonly value: Value | null;
  readonly cut?: string | undefined;
}
type Bounds = {
  readonly [Field in ProductField]?: (value: NonNullable<ProductFields[Field]>) => Bounded<ProductFields[Field]>;
};

const text =
  (maxBytes: number) =>
  (value: string): Bounded<string> => {
    const kept = boundedText(value, maxBytes);
    return kept.length === value.length ? { value: kept } : { value: kept, cut: `cut to ${maxBytes} bytes` };
  };

const url = (value: string): Bounded<string> => ({ value: urlOrNull(value) });

const list = <T>(given: readonly unknown[], kept: readonly T[], maxBytes: number): Bounded<T[]> => {
  const value = fitting(kept, maxBytes);
  return value.length === given.length
    ? { value }
    : { value, cut: `cut to ${value.length} of ${given.length} entries` };
};

const texts =
  (maxBytes: number) =>
  (given: readonly string[]): Bounded<string[]> => {
    const entries = given.map((entry) => boundedText(entry, MAX_ENTRY_BYTES));
    const isCut = entries.some((entry, index) => entry.length !== given[index]?.length);
    const bounded = list(given, entries, maxBytes);
    return bounded.cut === undefined && isCut
      ? { ...bounded, cut: `entries cut to ${MAX_ENTRY_BYTES} bytes` }
      : bounded;
  };

/**
 * Most bytes of each text, and of each list as JSON. Amazon's own limits are far below: 200 characters of a title, 2,000
 * of a description. Together they keep an item under 320 KB, and DynamoDB takes 400 KB.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const BOUNDS: Bounds = {
  title: text(2_048),
  description: text(32_768),
  brand: text(1_024),
  manufacturer: text(1_024),
  condition: text(1_024),
  availability_message: text(1_024),
  image_url: url,
  detail_page_url: url,
  features: texts(32_768),
  specifications: (given) =>
    list(
      given,
      given.map(({ name, value }) => ({
        name: boundedText(name, MAX_NAME_BYTES),
        value: boundedText(value, MAX_VALUE_BYTES),
      })),
      16_384,
    ),
  categories: texts(16_384),
  images: (given) => list(given, given.filter(isImage).map(image), 49_152),
  variants: (given) => list(given, given.map(variant).filter(isVariant), 163_840),
};

const boundField = <Field extends ProductField>(
  field: Field,
  given: Pick<Partial<ProductFields>, Field>,
): Bounded<ProductFields[Field]> | undefined => {
  const value = given[field];
  if (value === undefined || value === null) return undefined;
  const bounded = BOUNDS[field]?.(value) ?? { value };
  // A short text without a bound of its own, such as a currency, means nothing once it is repaired.
  if (typeof bounded.value === "string" && !bounded.value.isWellFormed()) return undefined;
  // As it will be read again: the schema trims addresses.
  const read = ProductFieldsSchema.shape[field].safeParse(bounded.value);
  return read.success ? { ...bounded, value: read.data as ProductFields[Field] } : undefined;
};

/**
 * A source's fields as they can be stored and read again: Unicode, each within its bound, and each in the form of its
 * field; a value that is not is left out, as if the source had not given it. `cuts` says what was shortened.
 */
export const boundFields = (
  given: Partial<ProductFields>,
): { readonly fields: Partial<ProductFields>; readonly cuts: Cuts } => {
  const fields: Partial<ProductFields> = {};
  const cuts: Partial<Record<ProductField, string>> = {};
  for (const field of PRODUCT_FIELDS) {
    const bounded = boundField(field, given);
    if (!bounded) continue;
    Object.assign(fields, { [field]: bounded.value });
    if (bounded.cut !== undefined) cuts[field] = `too large to keep whole: ${bounded.cut}`;
  }
  return { fields, cuts };
};
