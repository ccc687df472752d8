import type { Clock } from "../../core/clock.ts";
import type { RateLimit, RateLimiter } from "../../core/limiter/rate-limiter.ts";
import type { SourceAnswer, SourceClient } from "../../core/sources/source-client.ts";
import type { ProbeReport, SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { itemFailuresIn } from "../chain/calls/counted-call.ts";
import { type PacedResult, pacedCall } from "../chain/calls/paced-call.ts";
import type { CallRecord } from "../chain/chain-deps.ts";

type Answer = Pick<SourceAnswer, "signals">;

/** How a probe's call ended, and the probe's own text. */
export interface ProbedInSlot {
  readonly result: PacedResult<Answer>;
  /** Absent when no call was made. */
  readonly report: ProbeReport | undefined;
}

/** Token, wait for the slot and call together must end before API Gateway gives up after 29 s. */
const TIMEOUT_MS = 7_000;
const HORIZON_MS = 5_000;

/**
 * Makes a source's probe like any other call: in its own slot, with a report. A probe turns errors into text, so its
 * client is wrapped: the limiter must get the errors too.
 * @throws TransientError when the limiter's store cannot be reached
 */
export const probeInSlot = async (
  deps: { readonly limiter: RateLimiter; readonly clock: Clock; readonly countCall: (call: CallRecord) => void },
  {
    descriptor,
    client,
    limit,
    marketplace,
  }: { descriptor: SourceDescriptor; client: SourceClient; limit: RateLimit; marketplace: string },
): Promise<ProbedInSlot> => {
  const operation = descriptor.operations[0];
  if (!operation) throw new Error(`${descriptor.id} has no operation`);
  let report: ProbeReport | undefined;
  let answered: Pick<CallRecord, "ids" | "itemFailures"> | undefined;

  const run = async (signal: AbortSignal): Promise<Answer> => {
    let failure: { readonly error: unknown } | undefined;
    let answer: Answer = { signals: {} };
    const fetchProducts: SourceClient["fetchProducts"] = async (request) => {
      try {
        const products = await client.fetchProducts(request, signal);
        answer = { signals: products.signals };
        answered = { ids: request.asins.length, itemFailures: itemFailuresIn(products) };
        return products;
      } catch (error) {
        failure = { error };
        throw error;
      }
    };
    report = await descriptor.probe({ fetchProducts }, marketplace);
    if (failure) throw failure.error;
    return answer;
  };

  const result = await pacedCall(
    {
      sources: [],
      limiter: deps.limiter,
      clock: deps.clock,
      timeoutMs: TIMEOUT_MS,
      countCall: deps.countCall,
    },
    {
      source: { descriptor, client, limitFor: () => limit },
      operation,
      marketplace,
      ids: () => 1,
      priority: "interactive",
      horizonMs: HORIZON_MS,
      run,
    },
  );
  if (result.kind === "answered" && answered) {
    deps.countCall({
      ...{ source: descriptor.id, operation: operation.name, marketplace, ...answered },
      ...{ outcome: "success", code: null, message: null, durationMs: result.durationMs },
    });
  }
  return { result, report };
};
