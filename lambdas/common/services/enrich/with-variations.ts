import type { ChainDeps } from "../../sources/chain/chain-deps.ts";
import type { ChainOptions } from "../../sources/chain/chain-request.ts";
import type { ChainOutcome, ChainResult } from "../../sources/chain/chain-result.ts";
import { addVariations, hasVariations, type ListedFamilies, variationSources } from "./add-variations.ts";
import { blocksSoFar } from "./blocks-so-far.ts";

/** Adds the colours to what the chain enriched, product by product. */
export const withVariations = async (
  deps: ChainDeps,
  result: ChainResult,
  options: ChainOptions,
  families: ListedFamilies,
): Promise<ChainResult> => {
  const able = variationSources(deps.sources);
  const outcomes = new Map<string, ChainOutcome>();
  let { blockedBy, warnings } = result;
  for (const [key, outcome] of result.outcomes) {
    if (outcome.kind !== "enriched" || (able.length > 0 && hasVariations(outcome, able))) {
      outcomes.set(key, outcome);
      continue;
    }
    const added = await addVariations(deps, outcome, options, families);
    outcomes.set(key, added.outcome);
    blockedBy = blocksSoFar(blockedBy, added.blockedBy);
    warnings = [...warnings, ...added.warnings];
  }
  return { ...result, outcomes, blockedBy, warnings };
};
