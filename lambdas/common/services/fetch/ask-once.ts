import type { CallRecord, ChainDeps } from "../../sources/chain/chain-deps.ts";
import type { ChainSource } from "../../sources/chain/chain-source.ts";
import { watchSources } from "../enrich/watch-sources.ts";
import { type InteractiveDeps, interactiveChain } from "./interactive-chain.ts";

/**
 * Asks sources one question for somebody who waits. Credentials that a source refuses are read anew by the next question.
 * @param deadlineMs epoch milliseconds by which the answer is there
 */
export const askOnce = <Answer>(
  deps: InteractiveDeps,
  sources: readonly ChainSource[],
  deadlineMs: number,
  ask: (chain: ChainDeps) => Promise<Answer>,
): Promise<Answer> =>
  watchSources(deps, async (watch) => {
    watch.sees(sources);
    const countCall = (call: CallRecord): void => {
      watch.countCall(call);
      if (call.outcome === "critical") deps.forgetSecret(call.source);
    };
    return ask(interactiveChain(deps, sources, { deadlineMs }, { countCall }));
  });
