import { OFFERS_OPERATION } from "../../core/sources/operation-names.ts";
import type { SourceAnswer } from "../../core/sources/source-client.ts";
import { askSource } from "./ask-source.ts";
import { blockedBy } from "./blocked-by.ts";
import { type Candidate, candidateOf, needsMore } from "./candidate.ts";
import type { ChainDeps } from "./chain-deps.ts";
import type { ChainPass } from "./chain-pass.ts";
import type { ChainRequest } from "./chain-request.ts";
import type { ChainResult } from "./chain-result.ts";
import { type ChainSource, isReady, type ReadySource } from "./chain-source.ts";
import { outcomeOf, type VerdictContext } from "./outcome-of.ts";
import { isProviderDisabled, readyIn, sourcesFor, unreadyReason } from "./plan/source-plan.ts";
import { wantsOffers } from "./plan/wants-offers.ts";

type Context = Omit<VerdictContext, "nowMs">;

const contextFor = (deps: ChainDeps, request: ChainRequest, marketplace: string): Context => {
  const plan = sourcesFor(deps.sources, marketplace, request.options);
  const ready = readyIn(plan, marketplace);
  const ratingPossible = ready.some(
    ({ descriptor }) => descriptor.accuracy > 0 && descriptor.fields.includes("star_rating"),
  );
  const isSwitchedOff = deps.sources.some(({ switchedOff = [] }) => switchedOff.includes(marketplace));
  return { plan, ready, ratingPossible, isSwitchedOff };
};

/** Made-up data does not replace a real source that will answer later: such products wait instead. */
const isPremature = (candidate: Candidate, source: ChainSource): boolean =>
  source.descriptor.accuracy === 0 &&
  (candidate.retriable.length > 0 || candidate.refusals.some(({ reason }) => reason !== "not_configured"));

const askProducts = (
  pass: ChainPass,
  source: ReadySource,
  marketplace: string,
  candidates: Candidate[],
  isFirst: boolean,
): Promise<void> => {
  const [operation] = source.descriptor.operations;
  if (!operation) throw new Error(`${source.descriptor.id} declares no operation`);
  return askSource(pass, {
    source,
    operation,
    marketplace,
    candidates,
    mayGrow: isFirst,
    fetch: (asins, signal) => source.client.fetchProducts({ marketplace, asins }, signal),
  });
};

const askOffers = async (
  pass: ChainPass,
  source: ReadySource,
  marketplace: string,
  wanting: Candidate[],
): Promise<void> => {
  const operation = source.descriptor.operations.find(({ name }) => name === OFFERS_OPERATION);
  const { fetchOffers } = source.client;
  const candidates = wanting.filter((candidate) => wantsOffers(candidate, source));
  if (!operation || !fetchOffers || candidates.length === 0) return;
  const fetch = (asins: readonly string[], signal: AbortSignal): Promise<SourceAnswer> =>
    fetchOffers.call(source.client, { marketplace, asins }, signal);
  await askSource(pass, { source, operation, marketplace, candidates, fetch });
};

const visitSource = async (
  pass: ChainPass,
  source: ChainSource,
  marketplace: string,
  wanting: Candidate[],
  isFirst: boolean,
) => {
  const { id } = source.descriptor;
  const unasked = wanting.filter((candidate) => !candidate.answered.has(id));
  const detail = unreadyReason(source, marketplace);
  if (detail !== null || !isReady(source)) {
    const reason = "not_configured";
    const note = { source: id, reason, code: reason, retryAtMs: null, detail: detail ?? "" } as const;
    for (const candidate of unasked) candidate.refusals.push(note);
    return;
  }
  if (unasked.length > 0) await askProducts(pass, source, marketplace, unasked, isFirst);
  if (!pass.stopped) await askOffers(pass, source, marketplace, wanting);
};

const isDone = (candidate: Candidate, source: ChainSource): boolean =>
  candidate.answered.has(source.descriptor.id) && !(isReady(source) && wantsOffers(candidate, source));

/**
 * Asks the sources in turn until each product has its critical fields and a quality of 0.7, or no source is left.
 *
 * All products of the invocation go together: for each source they are grouped by shop and cut into calls of that
 * source's size, so that calls are full whatever batches the products came from. Every call has its own slot.
 * Fields of earlier sources never change; each field keeps its source and time.
 *
 * - Refused for `rate`: the remaining products of that source wait. Any other refusal, a failure that may pass, and a
 *   final failure send a product on to the next source.
 * - A source of accuracy 0 (made-up data) is not asked about a product that a real source will still answer.
 * - Calls of the first source that wait for their slot may get company: its products join the pass.
 * - At the end every product has exactly one outcome: see `outcomeOf`.
 *
 * Never throws for an upstream or the limiter. Problems that cost no product are returned as `warnings`.
 */
export const enrichByChain = async (deps: ChainDeps, request: ChainRequest): Promise<ChainResult> => {
  const candidates = request.products.map(candidateOf);
  const marketplaces = [...new Set(candidates.map(({ marketplace }) => marketplace))];
  const contexts = new Map(marketplaces.map((code) => [code, contextFor(deps, request, code)]));
  const contextOf = (marketplace: string): Context =>
    contexts.get(marketplace) ?? contextFor(deps, request, marketplace);
  const pass: ChainPass = { deps, options: request.options, candidates, warnings: [], calls: {}, stopped: null };
  const { provider } = request.options;

  const order = [
    ...deps.sources.filter(({ descriptor }) => descriptor.id === provider),
    ...deps.sources.filter(({ descriptor }) => descriptor.id !== provider),
  ];
  for (const source of order) {
    for (const marketplace of marketplaces) {
      const context = contextOf(marketplace);
      if (!context.plan.includes(source)) continue;
      const wanting = candidates.filter(
        (c) =>
          c.marketplace === marketplace &&
          c.halted === null &&
          !isDone(c, source) &&
          !isPremature(c, source) &&
          needsMore(c, deps.clock.now(), context.ratingPossible),
      );
      if (wanting.length === 0) continue;
      if (pass.stopped) for (const candidate of wanting) candidate.halted = pass.stopped;
      else await visitSource(pass, source, marketplace, wanting, context.ready[0] === source);
    }
  }

  if (provider !== null && !request.options.fallback && isProviderDisabled(deps.sources, provider)) {
    const detail = `${provider} is not enabled in this stage: enable it in the stage's settings or allow fallback`;
    const note = {
      source: provider,
      reason: "not_configured",
      code: "not_configured",
      retryAtMs: null,
      detail,
    } as const;
    for (const candidate of candidates) candidate.refusals.push(note);
  }

  const nowMs = deps.clock.now();
  const results = candidates.map((candidate) => ({
    candidate,
    outcome: outcomeOf(candidate, { ...contextOf(candidate.marketplace), nowMs }),
  }));
  return {
    outcomes: new Map(results.map(({ candidate, outcome }) => [candidate.key, outcome])),
    blockedBy: blockedBy(results, nowMs),
    calls: pass.calls,
    warnings: pass.warnings,
  };
};
