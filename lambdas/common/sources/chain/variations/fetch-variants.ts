import { isoTime } from "../../../core/clock.ts";
import { errorWords } from "../../../core/error-words.ts";
import type { Variant } from "../../../core/products/product.ts";
import type { SourceId } from "../../../core/source-ids.ts";
import { VARIATIONS_OPERATION } from "../../../core/sources/operation-names.ts";
import { type CallTrouble, callInSlot } from "../calls/call-in-slot.ts";
import type { ChainDeps } from "../chain-deps.ts";
import type { ChainOptions } from "../chain-request.ts";
import { readyIn, sourcesFor } from "../plan/source-plan.ts";
import { distinctColours } from "./distinct-colours.ts";

/** Most pages of one family, 10 variants each: a bound against an upstream that always names another page. */
const MAX_PAGES = 100;

export interface VariantsRequest {
  readonly asin: string;
  readonly marketplace: string;
  readonly options: ChainOptions;
}

/**
 * `found`: the colours of a family, empty when it has none. `none`: no enabled source can give variations.
 * `unfinished`: no source that can give them finished; `troubles` says why, one entry a source. `rawKeys` covers all
 * pages that were paid for, also those of a source that did not finish.
 */
export type VariantsResult =
  | {
      readonly kind: "found";
      readonly source: SourceId;
      readonly fetchedAt: string;
      readonly parentAsin: string | null;
      readonly variants: readonly Variant[];
      readonly rawKeys: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: "none" }
  | {
      readonly kind: "unfinished";
      readonly troubles: readonly CallTrouble[];
      readonly rawKeys: readonly string[];
      readonly warnings: readonly string[];
    };

/**
 * Fetches the colour variants of a product, parent or child, from the first source that gives all pages. Each page has
 * its own slot, and counts against the allowance like any other call.
 */
export const fetchVariants = async (deps: ChainDeps, request: VariantsRequest): Promise<VariantsResult> => {
  const { asin, marketplace, options } = request;
  const troubles: CallTrouble[] = [];
  const rawKeys: string[] = [];
  const warnings: string[] = [];
  for (const source of readyIn(sourcesFor(deps.sources, marketplace, options), marketplace)) {
    const operation = source.descriptor.operations.find(({ name }) => name === VARIATIONS_OPERATION);
    const { fetchVariations } = source.client;
    if (!operation || !fetchVariations) continue;
    const variants: Variant[] = [];
    let parentAsin: string | null = null;
    let pages = 1;
    let failed = false;
    for (let page = 1; page <= Math.min(pages, MAX_PAGES) && !failed; page += 1) {
      const called = await callInSlot(deps, {
        source,
        operation,
        marketplace,
        options,
        run: (signal) => fetchVariations.call(source.client, { marketplace, asin, page }, signal),
      });
      if (!called.ok) {
        troubles.push(called.trouble);
        failed = true;
        continue;
      }
      const { answer } = called;
      variants.push(...answer.variants);
      parentAsin ??= answer.parentAsin;
      pages = Math.max(pages, answer.pages);
      try {
        const raw = { source: source.descriptor.id, operation: operation.name, marketplace, asins: [asin] };
        const archived = await deps.recordRaw?.({
          ...raw,
          raw: answer.raw,
          fetchedAt: isoTime(deps.clock.now()),
        });
        if (archived !== undefined) rawKeys.push(archived);
      } catch (error) {
        warnings.push(`raw answer of ${source.descriptor.id} was not archived: ${errorWords(error)}`);
      }
    }
    if (failed) continue;
    return {
      kind: "found",
      source: source.descriptor.id,
      fetchedAt: isoTime(deps.clock.now()),
      parentAsin,
      variants: distinctColours(variants),
      rawKeys,
      warnings,
    };
  }
  return troubles.length === 0 ? { kind: "none" } : { kind: "unfinished", troubles, rawKeys, warnings };
};
