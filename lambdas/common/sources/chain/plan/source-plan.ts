import type { SourceId } from "../../../core/source-ids.ts";
import type { ChainOptions } from "../chain-request.ts";
import { type ChainSource, isReady, type ReadySource } from "../chain-source.ts";

/** Which credentials a source lacks for a shop, as text; null when it can be asked. */
export const unreadyReason = (source: ChainSource, marketplace: string): string | null => {
  if (!isReady(source)) {
    return (
      source.detail ?? `${source.descriptor.id} has no credentials: enrichline credentials set ${source.descriptor.id}`
    );
  }
  return source.client.refusalFor?.(marketplace)?.message ?? null;
};

const serves = (source: ChainSource, marketplace: string): boolean =>
  source.descriptor.marketplaces.includes(marketplace);

/**
 * The sources that may be asked about products of one shop, in order: the stage's order with the provider in front.
 * Without fallback only the provider; when none is named, the first source that has credentials for the shop.
 * Empty when no enabled source serves the shop.
 */
export const sourcesFor = (
  sources: readonly ChainSource[],
  marketplace: string,
  options: Pick<ChainOptions, "provider" | "fallback">,
): ChainSource[] => {
  const provider = sources.filter(({ descriptor }) => descriptor.id === options.provider);
  const others = sources.filter(({ descriptor }) => descriptor.id !== options.provider);
  const serving = [...provider, ...others].filter((source) => serves(source, marketplace));
  if (options.fallback) return serving;
  if (options.provider !== null) return serving.filter(({ descriptor }) => descriptor.id === options.provider);
  const first = serving.find((source) => unreadyReason(source, marketplace) === null) ?? serving[0];
  return first ? [first] : [];
};

/** The sources of a plan that could be called. */
export const readyIn = (plan: readonly ChainSource[], marketplace: string): ReadySource[] =>
  plan.filter(isReady).filter((source) => unreadyReason(source, marketplace) === null);

/** Whether the named provider is not among the stage's sources at all. */
export const isProviderDisabled = (sources: readonly ChainSource[], provider: SourceId | null): boolean =>
  provider !== null && !sources.some(({ descriptor }) => descriptor.id === provider);
