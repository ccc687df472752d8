import type { KnownProduct } from "../../common/adapters/dynamodb/products/product-reader.ts";
import type { ProductStore } from "../../common/adapters/dynamodb/products/product-store.ts";
import type { RunOptions } from "../../common/core/catalogs/run-options.ts";
import type { Clock } from "../../common/core/clock.ts";
import { type MergedFields, NOTHING_MERGED } from "../../common/core/products/merge.ts";
import type { Product } from "../../common/core/products/product.ts";
import { hasVariations, variationSources } from "../../common/services/enrich/add-variations.ts";
import type { SourceSupply } from "../../common/services/enrich/ask-chain.ts";
import { countLookups, type UsageCounters } from "../../common/services/enrich/count-usage.ts";
import { renewedUntil } from "../../common/services/enrich/kept-until.ts";
import { rememberedFailures } from "../../common/services/enrich/not-found-memory.ts";
import type { ProductOutcome } from "../../common/services/enrich/product-outcome.ts";
import type { ChainProduct } from "../../common/sources/chain/chain-request.ts";
import type { BatchProduct } from "./due-products.ts";
import { paidFields, reusableProduct } from "./reusable-product.ts";

/** A product to ask the chain for, with what the table knows of it. */
export interface WantedProduct extends BatchProduct {
  readonly known: KnownProduct | undefined;
  /** As the chain is asked for it. */
  readonly product: ChainProduct & { readonly existing: MergedFields };
}

/** Products by what the table knows of them. */
export interface TableAnswer {
  /** Those that are fresh, by key. */
  readonly cached: ReadonlyMap<string, ProductOutcome>;
  readonly wanted: WantedProduct[];
}

/** What looking products up works with. */
interface TableLookUpDeps extends UsageCounters, Pick<SourceSupply, "readSources"> {
  readonly products: Pick<ProductStore, "getKnown">;
  readonly clock: Clock;
}

const fromCache = (product: Product, keptUntil: string | undefined): ProductOutcome => ({
  ...(keptUntil === undefined ? {} : { keptUntil }),
  result: {
    kind: "enriched",
    source: product.provenance.title?.source ?? "creators-api",
    fromCache: true,
    incomplete: false,
  },
});

/** Builds what looks products up in the table: which are fresh, and what is known of the others. */
export const createTableLookUp =
  (deps: TableLookUpDeps, options: RunOptions) =>
  async (products: readonly BatchProduct[]): Promise<TableAnswer> => {
    const knownProducts = await deps.products.getKnown(products.map(({ key }) => key));
    const nowMs = deps.clock.now();
    const able = options.include_variations ? variationSources(await deps.readSources()) : [];
    const cached = new Map<string, ProductOutcome>();
    const wanted: WantedProduct[] = [];
    for (const due of products) {
      const known = knownProducts.get(due.key);
      const stored = options.force ? undefined : reusableProduct(known, nowMs);
      if (stored && hasVariations(stored, able)) {
        cached.set(due.key, fromCache(stored, renewedUntil(known, options, nowMs)));
        continue;
      }
      const { asin, marketplace, suspicions, attempts, waited, reopenedAt } = due;
      const existing = options.force ? NOTHING_MERGED : paidFields(known, nowMs);
      const knownFailures = options.force ? [] : rememberedFailures(known, nowMs, reopenedAt);
      const product = { ...{ asin, marketplace, suspicions, attempts, waited, existing }, knownFailures };
      wanted.push({ ...due, known, product });
    }
    await countLookups(deps, products.length, cached.size);
    return { cached, wanted };
  };
