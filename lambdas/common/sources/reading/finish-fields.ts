import {
  ImageSchema,
  type ProductFields,
  ProductFieldsSchema,
  SpecificationSchema,
  VariantSchema,
} from "../../core/products/product.ts";
import { soundMoney } from "../../core/products/sound-money.ts";
import { isWebAddress } from "./lenient-leaves.ts";

/** Whether a text has a character that can be seen. */
const isReadable = (text: string): boolean => /[^\p{C}\p{Z}]/u.test(text);

const texts = (value: unknown): string[] | null => {
  if (!Array.isArray(value)) return null;
  const lines = value.flatMap((line) => (typeof line === "string" && isReadable(line) ? [line.trim()] : []));
  return lines.length > 0 ? lines : null;
};

const images = (value: unknown): ProductFields["images"] => {
  if (!Array.isArray(value)) return null;
  const found = value
    .flatMap((image) => ImageSchema.safeParse(image).data ?? [])
    .filter(({ url }) => isWebAddress(url));
  return found.length > 0 ? found : null;
};

const variants = (value: unknown): ProductFields["variants"] => {
  if (!Array.isArray(value)) return null;
  const found = value.flatMap((variant) => VariantSchema.safeParse(variant).data ?? []);
  return found.length > 0 ? found : null;
};

const specifications = (value: unknown): ProductFields["specifications"] => {
  if (!Array.isArray(value)) return null;
  const found = new Map(
    value.flatMap((one) => {
      const { data } = SpecificationSchema.safeParse(one);
      if (!data || !isReadable(data.name) || !isReadable(data.value)) return [];
      const trimmed = { name: data.name.trim(), value: data.value.trim() };
      // Pages list some attributes in two tables.
      return [[`${trimmed.name}\n${trimmed.value}`, trimmed] as const];
    }),
  );
  return found.size > 0 ? [...found.values()] : null;
};

/** Stars that shoppers can give; 0 is how upstreams write that nobody has rated. */
const stars = (value: unknown): number | null => (typeof value === "number" && value >= 1 && value <= 5 ? value : null);

const plain = <Field extends keyof ProductFields>(field: Field, value: unknown): unknown => {
  const text = typeof value === "string" ? value.trim() : value;
  if (typeof text === "string" && !isReadable(text)) return null;
  return ProductFieldsSchema.shape[field].safeParse(text).data ?? null;
};

/** Fields that need more than their schema; all others are taken when their schema accepts them. */
const RULES: Readonly<Partial<Record<keyof ProductFields, (value: unknown) => unknown>>> = {
  features: texts,
  specifications,
  categories: texts,
  images,
  variants,
  star_rating: stars,
  image_url: (value) => (typeof value === "string" && isWebAddress(value) ? value : null),
  detail_page_url: (value) => (typeof value === "string" && isWebAddress(value) ? value : null),
};

/**
 * What every reader ends with: of the fields that it read, those that are valid. A value that is none counts as not
 * given, and of a list only the odd entries. Money follows the one rule of `soundMoney`. Fields that were not read stay
 * absent. Applying it twice changes nothing.
 */
export const finishFields = (read: Partial<ProductFields>): Partial<ProductFields> => {
  const entries = Object.entries(read) as [keyof ProductFields, unknown][];
  const valid: Partial<ProductFields> = Object.fromEntries(
    entries.flatMap(([field, value]) => {
      if (value === undefined) return [];
      const rule = RULES[field] ?? ((given: unknown) => plain(field, given));
      return [[field, value === null ? null : rule(value)]];
    }),
  );
  const sound = soundMoney(valid);
  const picture = sound.image_url ?? sound.images?.[0]?.url ?? null;
  return "image_url" in sound && sound.image_url !== picture ? { ...sound, image_url: picture } : sound;
};
