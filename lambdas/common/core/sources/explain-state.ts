import type { FieldProblem } from "../errors.ts";
import { type LimitState, THROTTLED } from "../limiter/rate-limiter.ts";
import type { SourceId } from "../source-ids.ts";
import { SECRET_SOURCES } from "./known/secret-schemas.ts";
import { plainTime } from "./plain-time.ts";
import { problemLine } from "./secrets/read-secret.ts";
import type { SourceState } from "./source-states.ts";

/** A state and what to do about it: one or two plain sentences each. Member names are those of the answers. */
export interface SourceWords {
  readonly reason: string;
  readonly next_step: string;
}

/** Why something is as it is, with what to do next. */
export const withNextStep = (reason: string, nextStep: string): SourceWords => ({ reason, next_step: nextStep });

/** Words of every source for a call that we ended ourselves. */
export const ABORTED = withNextStep("The call was ended before its answer came.", "Wait; the call is tried again.");

/** Explains one of a source's codes, or `THROTTLED`; undefined when the source does not explain it. */
export type ExplainCode = (source: SourceId, code: string) => SourceWords | undefined;

/** The source and state that `sourceWords` explains. */
export interface ExplainedSource {
  readonly id: SourceId;
  /** Null: not configured. */
  readonly state: LimitState | null;
  /** What is wrong with the stored credentials; empty or absent when nothing is stored. */
  readonly secretProblems?: readonly FieldProblem[];
  /** Whether its content was revoked. @default false */
  readonly isRevoked?: boolean;
}

/** Number of 429s in a row from which pace is not the only likely cause: accounts without sales get nothing else. */
const MANY_THROTTLES = 3;

const at = (untilMs: number | null, nowMs: number): string =>
  untilMs === null || untilMs <= nowMs ? "with the next work" : `at ${plainTime(untilMs)}`;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const hasSecret = (source: SourceId): boolean => SECRET_SOURCES.some((id) => id === source);

const revoked = (id: SourceId): SourceWords => ({
  reason: `The content of ${id} was revoked, so it is not asked.`,
  next_step: `To have it asked again: enrichline licence revoke ${id} --cancel`,
});

const notConfigured = ({ id, secretProblems = [] }: ExplainedSource): SourceWords =>
  secretProblems.length === 0
    ? {
        reason: `No credentials are stored for ${id}, so it is skipped.`,
        next_step: `Store them with: enrichline credentials set ${id}`,
      }
    : {
        reason: sentence(
          `The stored credentials of ${id} cannot be used, so it is skipped: ${problemLine(secretProblems)}`,
        ),
        next_step: `Store them again with: enrichline credentials set ${id}`,
      };

const unconfigured = (source: ExplainedSource): SourceWords =>
  source.isRevoked ? revoked(source.id) : notConfigured(source);

const paused = (id: SourceId, state: LimitState, nowMs: number, explain: ExplainCode): SourceWords => {
  const trial = `A trial call follows by itself ${at(state.blockedUntilMs, nowMs)}`;
  const words = state.pauseCode === undefined ? undefined : explain(id, state.pauseCode);
  if (words) {
    return { reason: `${id} is paused: ${words.reason}`, next_step: `${sentence(words.next_step)} ${trial}.` };
  }
  return {
    reason: state.blockedDetail ? sentence(`${id} is paused: ${state.blockedDetail}`) : `${id} asked for a pause.`,
    next_step: hasSecret(id)
      ? `${trial}. If its credentials are the cause, store them again to continue sooner: enrichline credentials set ${id}`
      : `${trial}; nothing needs to be done.`,
  };
};

/** What endless 429s mean at this source; undefined while pace may be the cause. */
const throttledWords = (id: SourceId, state: LimitState, explain: ExplainCode): SourceWords | undefined =>
  (state.throttles ?? 0) >= MANY_THROTTLES ? explain(id, THROTTLED) : undefined;

const open = (id: SourceId, state: LimitState, nowMs: number, explain: ExplainCode): SourceWords => {
  const trial = `one trial call follows by itself ${at(state.blockedUntilMs, nowMs)}`;
  const words = throttledWords(id, state, explain);
  if (words) {
    return {
      reason: `${id} is left alone for a while: ${words.reason}`,
      next_step: `${sentence(words.next_step)} Meanwhile ${trial}.`,
    };
  }
  return {
    reason: `${id} failed several times in a row and is left alone for a while.`,
    next_step: `Nothing to do: ${trial}. If it keeps failing, look into it with: enrichline doctor`,
  };
};

const waiting = (id: SourceId, state: LimitState, nowMs: number, explain: ExplainCode): SourceWords => {
  const resumes = `calls continue by themselves ${at(state.blockedUntilMs, nowMs)}`;
  if (state.leftToday !== null && state.leftToday < 1) {
    return {
      reason: `Today's allowance of ${id} is used up (${state.usedToday} used).`,
      next_step: `Nothing to do: ${resumes}. Other sources are asked meanwhile.`,
    };
  }
  if (state.tokensLeft !== undefined && state.tokensLeft <= 0) {
    return {
      reason: `The tokens of ${id} are used up for the moment.`,
      next_step: `Nothing to do: tokens refill every minute, and ${resumes}. If this happens often, book a larger plan.`,
    };
  }
  const words = throttledWords(id, state, explain);
  if (words) {
    return {
      reason: `${id} asked for a slower pace ${state.throttles} times in a row. ${words.reason}`,
      next_step: `${sentence(words.next_step)} Meanwhile ${resumes}.`,
    };
  }
  return { reason: `${id} asked for a slower pace.`, next_step: `Nothing to do: ${resumes}.` };
};

/**
 * Explains the state of a source, for a person who never used AWS.
 * @param explain the sources' own explanations of their codes
 */
export const sourceWords = (
  source: ExplainedSource,
  word: SourceState,
  nowMs: number,
  explain: ExplainCode,
): SourceWords => {
  const { id, state } = source;
  if (word === "not_configured" || state === null) return unconfigured(source);
  switch (word) {
    case "paused":
      return paused(id, state, nowMs, explain);
    case "circuit_open":
      return open(id, state, nowMs, explain);
    case "waiting":
      return waiting(id, state, nowMs, explain);
    case "ok":
      return {
        reason:
          state.leftToday === null ? `${id} is ready.` : `${id} is ready, with ${state.leftToday} left for today.`,
        next_step: "Nothing to do.",
      };
  }
};
