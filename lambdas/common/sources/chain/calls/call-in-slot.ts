import type { LimitSignals } from "../../../core/limiter/limit-signals.ts";
import type { SourceId } from "../../../core/source-ids.ts";
import type { SourceOperation } from "../../../core/sources/source-descriptor.ts";
import type { ChainDeps } from "../chain-deps.ts";
import type { ChainOptions } from "../chain-request.ts";
import type { ReadySource } from "../chain-source.ts";
import { pacedCall } from "./paced-call.ts";

/** Why a single call has no answer. */
export interface CallTrouble {
  readonly source: SourceId;
  /** A refusal's reason, `deadline`, `limiter-unavailable`, or the source's own code. */
  readonly code: string;
  readonly message: string;
  /** Whether the same call makes sense later. */
  readonly retryable: boolean;
  /** Epoch milliseconds; null: unknown. */
  readonly retryAtMs: number | null;
  /** Whether pace or time was the only cause: no slot, no time left, or a throttle of the upstream. */
  readonly refused: boolean;
}

/** A single call that carries no list of ids: a search, a page of variations. */
export interface SingleCall<Answer> {
  readonly source: ReadySource;
  readonly operation: SourceOperation;
  readonly marketplace: string;
  readonly options: Pick<ChainOptions, "priority" | "horizonMs">;
  readonly run: (signal: AbortSignal) => Promise<Answer>;
}

/** Makes one paced call and counts it. Errors of the source or the limiter are returned as `trouble`, not thrown. */
export const callInSlot = async <Answer extends { readonly signals: LimitSignals }>(
  deps: ChainDeps,
  call: SingleCall<Answer>,
): Promise<{ readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly trouble: CallTrouble }> => {
  const { source, operation, marketplace, options } = call;
  const { id } = source.descriptor;
  const trouble = (code: string, message: string, retryable: boolean, retryAtMs: number | null, refused = true) =>
    ({ ok: false, trouble: { source: id, code, message, retryable, retryAtMs, refused } }) as const;
  try {
    const result = await pacedCall(deps, { source, operation, marketplace, ids: () => 1, ...options, run: call.run });
    switch (result.kind) {
      case "answered":
        deps.countCall?.({
          source: id,
          operation: operation.name,
          marketplace,
          ids: 1,
          outcome: "success",
          code: null,
          message: null,
          itemFailures: {},
          durationMs: result.durationMs,
        });
        return { ok: true, answer: result.answer };
      case "refused": {
        const { reason, retryAtMs, detail } = result.refusal;
        return trouble(reason, detail ?? `${id} is refused for ${reason}`, true, retryAtMs);
      }
      case "stopped":
        return trouble("deadline", "the caller stopped before the call", true, null);
      case "failed": {
        const { code, message, failureClass, signals } = result.error;
        const final = failureClass === "permanent" || failureClass === "not_found";
        const wait = signals.retryAfterMs;
        const retryAt = wait === undefined ? null : deps.clock.now() + wait;
        return trouble(code, message, !final, retryAt, failureClass === "throttled");
      }
    }
  } catch (error) {
    return trouble("limiter-unavailable", error instanceof Error ? error.message : String(error), true, null);
  }
};
