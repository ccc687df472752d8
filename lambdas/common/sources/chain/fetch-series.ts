import { isoTime } from "../../core/clock.ts";
import type { PriceHistory } from "../../core/history/price-history.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { SERIES_OPERATION } from "../../core/sources/operation-names.ts";
import type { SeriesRequest } from "../../core/sources/source-client.ts";
import { type CallTrouble, callInSlot } from "./calls/call-in-slot.ts";
import type { ChainDeps } from "./chain-deps.ts";
import type { ChainOptions } from "./chain-request.ts";
import { isReady } from "./chain-source.ts";
import { unreadyReason } from "./plan/source-plan.ts";

/** The source's series; or why it was not asked, in words for a person; or why it gave no answer. */
export type SeriesResult =
  | { readonly kind: "given"; readonly history: PriceHistory }
  | { readonly kind: "unable"; readonly why: string }
  | { readonly kind: "failed"; readonly trouble: CallTrouble };

/** Asks one source for the prices of a product that it kept by itself. A product that it does not know has no series. */
export const fetchSeries = async (
  deps: ChainDeps,
  id: SourceId,
  request: SeriesRequest,
  options: ChainOptions,
): Promise<SeriesResult> => {
  const { marketplace } = request;
  const source = deps.sources.find(({ descriptor }) => descriptor.id === id);
  if (!source) return { kind: "unable", why: `${id} is not among the sources of this stage.` };
  if (!source.descriptor.marketplaces.includes(marketplace)) {
    return { kind: "unable", why: `${id} does not serve ${marketplace} on this stage.` };
  }
  const why = unreadyReason(source, marketplace);
  if (why !== null || !isReady(source)) return { kind: "unable", why: `${why ?? id}.` };
  const operation = source.descriptor.operations.find(({ name }) => name === SERIES_OPERATION);
  const fetch = source.client.fetchSeries;
  if (!operation || !fetch) return { kind: "unable", why: `${id} keeps no prices.` };
  const run = (signal: AbortSignal) => fetch.call(source.client, request, signal);
  const called = await callInSlot(deps, { source, operation, marketplace, options, run });
  if (!called.ok) return { kind: "failed", trouble: called.trouble };
  const series = [...(called.answer.series ?? [])];
  return { kind: "given", history: { source: id, fetched_at: isoTime(deps.clock.now()), series } };
};
