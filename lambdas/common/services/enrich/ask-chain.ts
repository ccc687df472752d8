import { productKey } from "../../core/products/product-key.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { ChainDeps } from "../../sources/chain/chain-deps.ts";
import type { ChainRequest } from "../../sources/chain/chain-request.ts";
import type { ChainOutcome, ChainResult } from "../../sources/chain/chain-result.ts";
import { type ChainSource, isReady } from "../../sources/chain/chain-source.ts";
import { enrichByChain } from "../../sources/chain/enrich-by-chain.ts";
import type { ReadSources } from "../../sources/registry/ready-sources.ts";

/** Where the chain gets its sources from, and how it has their credentials read anew. */
export interface SourceSupply {
  readonly readSources: ReadSources;
  /** Has a source's credentials read anew next time. */
  readonly forgetSecret: (source: SourceId) => void;
}

const clientOf = (sources: readonly ChainSource[], id: SourceId) =>
  sources.filter(isReady).find(({ descriptor }) => descriptor.id === id)?.client;

/** Sources that products wait for because of their credentials: somebody may be storing better ones right now. */
const blockedByCredentials = (outcomes: Iterable<ChainOutcome>): Set<SourceId> => {
  const held = new Set<SourceId>();
  for (const outcome of outcomes) {
    if (outcome.kind !== "wait" || outcome.source === null) continue;
    if (outcome.reason === "paused" || outcome.reason === "not_configured") held.add(outcome.source);
  }
  return held;
};

const merged = (first: ChainResult, second: ChainResult): ChainResult => {
  const outcomes = new Map(first.outcomes);
  for (const [key, outcome] of second.outcomes) {
    const rawKeys = [...(first.outcomes.get(key)?.rawKeys ?? []), ...outcome.rawKeys];
    outcomes.set(key, { ...outcome, rawKeys });
  }
  // What the first answer said of blocks was about the very products that were asked again.
  return { ...second, outcomes, warnings: [...first.warnings, ...second.warnings] };
};

/**
 * Takes products through the chain. Credentials that were refused, or that products wait for, are read anew: when
 * they have changed meanwhile, what waits is asked again at once with the new ones.
 * @returns the outcomes, and the sources to continue with
 */
export const askChain = async (
  supply: SourceSupply,
  depsFor: (sources: readonly ChainSource[]) => ChainDeps,
  sources: readonly ChainSource[],
  request: ChainRequest,
): Promise<{ readonly result: ChainResult; readonly sources: readonly ChainSource[] }> => {
  const refused = new Set<SourceId>();
  const deps = depsFor(sources);
  const result = await enrichByChain(
    {
      ...deps,
      countCall: (call) => {
        if (call.outcome === "critical") refused.add(call.source);
        deps.countCall?.(call);
      },
    },
    request,
  );
  for (const source of new Set([...refused, ...blockedByCredentials(result.outcomes.values())])) {
    supply.forgetSecret(source);
  }
  if (refused.size === 0) return { result, sources };
  const renewed = await supply.readSources();
  if ([...refused].every((id) => clientOf(renewed, id) === clientOf(sources, id))) return { result, sources };
  const waiting = request.products.flatMap((product) => {
    const outcome = result.outcomes.get(productKey(product.marketplace, product.asin));
    return outcome?.kind === "wait" ? [{ ...product, existing: outcome.partial }] : [];
  });
  if (waiting.length === 0) return { result, sources: renewed };
  const again = await enrichByChain(depsFor(renewed), { ...request, products: waiting });
  return { result: merged(result, again), sources: renewed };
};
