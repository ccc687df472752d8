import { deflateRawSync, inflateRawSync } from "node:zlib";
import * as z from "zod";
import type { Product, Provenance } from "../../../../core/products/product.ts";
import { SourceIdSchema } from "../../../../core/source-ids.ts";
import { DICTIONARIES, NEWEST_DICTIONARY } from "./dictionary.ts";

/** What of a product an item holds by name: what people look for in the console, and what conditions are about. */
const NAMED = [
  ...["product_id", "asin", "marketplace", "status", "title", "current_price", "currency", "availability_type"],
  ...["stale", "simulated", "last_refresh_at", "last_available_at", "created_at", "updated_at", "expired_at"],
] as const satisfies readonly (keyof Product)[];
type Named = (typeof NAMED)[number];
const IS_NAMED: ReadonlySet<string> = new Set(NAMED);

/** A product by name, and the rest of it in bytes. */
export interface PackedProduct {
  readonly named: Pick<Product, Named>;
  /** Everything else, with the keys of its raw answers. */
  readonly packed: Uint8Array;
}

/** An origin and the fields that share it: most products have one for all. */
const OriginsSchema = z.array(
  z.union([
    z.tuple([SourceIdSchema, z.string(), z.array(z.string())]),
    z.tuple([SourceIdSchema, z.string(), z.array(z.string()), z.string()]),
  ]),
);
const PackedSchema = z.looseObject({ origins: OriginsSchema, raw_keys: z.array(z.string()) });

const originsOf = (provenance: Product["provenance"]): z.infer<typeof OriginsSchema> => {
  const groups = new Map<string, { readonly origin: Provenance; readonly fields: string[] }>();
  for (const [field, origin] of Object.entries(provenance)) {
    if (origin === undefined) continue;
    const key = JSON.stringify([origin.source, origin.fetched_at, origin.cut]);
    const group = groups.get(key) ?? { origin, fields: [] };
    group.fields.push(field);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ origin: { source, fetched_at, cut }, fields }) =>
    cut === undefined ? [source, fetched_at, fields] : [source, fetched_at, fields, cut],
  );
};

const provenanceOf = (origins: z.infer<typeof OriginsSchema>): Product["provenance"] =>
  Object.fromEntries(
    origins.flatMap(([source, fetched_at, fields, cut]) =>
      fields.map((field) => [field, { source, fetched_at, ...(cut === undefined ? {} : { cut }) }]),
    ),
  );

/** Packs a product. An item of 3 KB becomes one of less than 1 KB, and writes are paid for by the KB. */
export const packProduct = (product: Product, rawKeys: readonly string[]): PackedProduct => {
  const { provenance, ...fields } = product;
  const entries = Object.entries(fields);
  const rest = Object.fromEntries(entries.filter(([name]) => !IS_NAMED.has(name)));
  const content = JSON.stringify({ ...rest, origins: originsOf(provenance), raw_keys: rawKeys });
  const dictionary = DICTIONARIES[NEWEST_DICTIONARY];
  const bytes = deflateRawSync(content, { level: 9, ...(dictionary ? { dictionary } : {}) });
  return {
    named: Object.fromEntries(entries.filter(([name]) => IS_NAMED.has(name))) as Pick<Product, Named>,
    packed: Buffer.concat([Uint8Array.of(NEWEST_DICTIONARY), bytes]),
  };
};

/**
 * What was packed, by name, with the provenance as a product has it; nothing of it is checked.
 * @throws Error when it cannot be read
 */
export const unpackProduct = (packed: Uint8Array): Record<string, unknown> => {
  const dictionary = DICTIONARIES[packed[0] ?? 0];
  if (!dictionary) throw new Error(`a product is packed with dictionary ${packed[0]}, which is not known`);
  const content = inflateRawSync(packed.subarray(1), { dictionary }).toString("utf8");
  const { origins, ...rest } = PackedSchema.parse(JSON.parse(content));
  return { ...rest, provenance: provenanceOf(origins) };
};
