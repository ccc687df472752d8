import type { SourceOperation } from "../../../core/sources/source-descriptor.ts";
import type { Candidate } from "../candidate.ts";
import type { ChainPass } from "../chain-pass.ts";
import type { ReadySource } from "../chain-source.ts";
import { chunkCalls } from "./chunk-calls.ts";

/** How long products of a short call wait for a fuller one, in milliseconds. */
export const SHORT_CALL_WAIT_MS = 2_000;

/** Whether a full call costs no more of the allowance than a short one, so that company saves calls. */
export const costsPerCall = ({ idsPerCall, cost }: SourceOperation): boolean =>
  idsPerCall > 1 && cost(1) === cost(idsPerCall);

/**
 * Cuts an ask into calls. A short last call of bulk work waits once for more products, unless one of its products
 * waited before or would lose fields (those of an earlier source would have to be fetched again).
 */
export const takeShortCall = (
  pass: ChainPass,
  ask: {
    readonly source: ReadySource;
    readonly operation: SourceOperation;
    readonly candidates: readonly Candidate[];
  },
): Candidate[][] => {
  const size = ask.operation.idsPerCall;
  const chunks = chunkCalls(ask.candidates, size);
  if (pass.options.priority !== "bulk" || !costsPerCall(ask.operation)) return chunks;
  const source = ask.source.descriptor.id;
  return chunks.filter((chunk) => {
    const mayWait = chunk.every((c) => c.company === 0 && !c.waited && c.calls === 0 && !c.cached);
    if (chunk.length === size || !mayWait) return true;
    const retryAtMs = pass.deps.clock.now() + SHORT_CALL_WAIT_MS;
    const detail = `waits for a fuller call: ${chunk.length} of ${size} ids`;
    for (const candidate of chunk) candidate.halted = { reason: "short-call", source, retryAtMs, detail };
    return false;
  });
};
