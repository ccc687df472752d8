import type { LimitState, Refusal } from "../../core/limiter/rate-limiter.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { type SourceWords, sourceWords } from "../../core/sources/explain-state.ts";
import { plainTime } from "../../core/sources/plain-time.ts";
import { sourceStateOf } from "../../core/sources/source-states.ts";
import { explainCode } from "./explain-code.ts";

/** Why the limiter refused a call, which it does for the account's safety, in plain words. */
export const explainRefusal = (id: SourceId, refusal: Refusal, state: LimitState, nowMs: number): SourceWords => {
  const word = sourceStateOf(state, nowMs);
  if (word !== "ok") {
    const words = sourceWords({ id, state }, word, nowMs, explainCode);
    return { ...words, reason: `${words.reason} No call was made.` };
  }
  if (refusal.reason === "daily-quota") {
    return {
      reason: `What is left of today's allowance of ${id} is kept for other work. No call was made.`,
      next_step: `Check again at ${plainTime(refusal.retryAtMs)}.`,
    };
  }
  return {
    reason: `${id} is busy with other work, so no call was made.`,
    next_step: "Check again in a few seconds.",
  };
};
