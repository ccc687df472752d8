import * as z from "zod";

/*
 * How every source reads its answers. Null, absent and a value of the wrong type all count as "not given", so that one
 * odd attribute never costs the rest of a product, nor one odd product its neighbours.
 */

/** A text; any other value counts as not given. */
export const text = z.string().nullish().catch(null);

/** A flag; any other value counts as not given. */
export const flag = z.boolean().nullish().catch(null);

/** Numbers come as JSON numbers; documentation and third parties also show them as text, which is read all the same. */
export const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^ ?-?\d{1,15}(?:\.\d{1,15})? ?$/)
      .transform(Number),
  ])
  .nullish()
  .catch(null);

/** Lifetime of a token in seconds; an hour, which both token services document, when the answer does not say. */
export const lifetimeSeconds = number.transform((value) => (typeof value === "number" && value > 0 ? value : 3600));

/** A count of pixels: a whole number above 0; any other value counts as not given. */
export const pixels = number.transform((value) =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null,
);

/** Whether a text is an address of the web. */
export const isWebAddress = (address: string | null | undefined): address is string =>
  /^https?:\/\//i.test(address ?? "") && URL.canParse(address ?? "");

/** An address of the web; any other value is refused, so that a picture without one is none. */
export const webAddress = z.string().refine(isWebAddress);

/** An amount of money in major units, as number or decimal text, which keeps every place. */
export const amount = z.union([z.number(), z.string()]).nullish().catch(null);

/** An object, of which fields that are not named are kept; any other value counts as not given. */
export const part = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.looseObject(shape).nullish().catch(null);

/** A list without its odd entries; any other value counts as an empty list. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((values): z.output<Item>[] =>
      (values ?? []).flatMap((value) => {
        const parsed = item.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      }),
    );

/** A list of texts without its odd entries. */
export const texts = list(z.string());

/** A list whose positions mean something: odd entries are null. Any other value counts as not given. */
export const positions = <Item extends z.ZodType>(item: Item) =>
  z.array(item.nullable().catch(null)).nullish().catch(null);

/** Most links of a chain of parents that are followed. Amazon's trees are at most ten deep. */
const MAX_CHAIN = 30;

/**
 * A chain of objects in which each names the next, such as a category and its parents: the first that is given comes
 * first. It is read step by step, because an answer may nest as deep as it likes.
 * @param next name of the field that holds the next object
 */
export const chain = <Item extends z.ZodType>(first: unknown, item: Item, next: string): z.output<Item>[] => {
  const found: z.output<Item>[] = [];
  let value = first;
  while (typeof value === "object" && value !== null && found.length < MAX_CHAIN) {
    const parsed = item.safeParse(value);
    if (!parsed.success) break;
    found.push(parsed.data);
    value = Object.hasOwn(value, next) ? (value as Record<string, unknown>)[next] : undefined;
  }
  return found;
};
