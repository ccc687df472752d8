import type { SourceId } from "../../core/source-ids.ts";
import type { Candidate, Halt } from "./candidate.ts";
import type { ChainDeps } from "./chain-deps.ts";
import type { ChainOptions } from "./chain-request.ts";
import type { CallStats } from "./chain-result.ts";

/** State of one pass over the sources, shared by its steps. Mutable: it lives for one pass only. */
export interface ChainPass {
  readonly deps: ChainDeps;
  readonly options: ChainOptions;
  /** Products of the request, and those that joined. */
  readonly candidates: Candidate[];
  readonly warnings: string[];
  readonly calls: Partial<Record<SourceId, CallStats>>;
  /** Set when nothing more may be asked: the caller's stop, or a limiter that cannot be reached. */
  stopped: Halt | null;
}

/** Adds one call to a source's counts. */
export const addCall = (
  pass: ChainPass,
  source: SourceId,
  ids: number,
  outcome: "ok" | "failed" | "throttled",
): void => {
  const before = pass.calls[source] ?? { calls: 0, ids: 0, failed: 0, throttled: 0 };
  pass.calls[source] = {
    calls: before.calls + 1,
    ids: before.ids + ids,
    failed: before.failed + (outcome === "failed" ? 1 : 0),
    throttled: before.throttled + (outcome === "throttled" ? 1 : 0),
  };
};
