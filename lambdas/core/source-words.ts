import type { FieldProblem } from "./errors.ts";
import { plainTime } from "./plain-time.ts";
import type { LimitState } from "./rate-limiter.ts";
import type { SourceId } from "./source-ids.ts";
import { problemLine } from "./source-secrets/read-secret.ts";
import { SECRET_SOURCES } from "./source-secrets/schemas.ts";
import type { SourceState } from "./source-states.ts";

/** What is so, and what to do about it: one or two plain sentences each. */
export interface SourceWords {
  readonly reason: string;
  readonly next_step: string;
}

/** What the words are made from. */
export interface WordedStanding {
  readonly id: SourceId;
  /** Null: not configured. */
  readonly state: LimitState | null;
  /** What is wrong with the stored credentials; empty or absent when nothing is stored. */
  readonly secret_problems?: readonly FieldProblem[];
}

const at = (untilMs: number | null, nowMs: number): string =>
  untilMs === null || untilMs <= nowMs ? "with the next work" : `at ${plainTime(untilMs)}`;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const hasSecret = (source: SourceId): boolean => SECRET_SOURCES.some((id) => id === source);

const unconfigured = ({ id, secret_problems = [] }: WordedStanding): SourceWords =>
  secret_problems.length === 0
    ? {
        reason: `No credentials are stored for ${id}, so it is skipped.`,
        next_step: `Store them with: enrichline credentials set ${id}`,
      }
    : {
        reason: sentence(
          `The stored credentials of ${id} cannot be used, so it is skipped: ${problemLine(secret_problems)}`,
        ),
        next_step: `Store them again with: enrichline credentials set ${id}`,
      };

const paused = (id: SourceId, state: LimitState, nowMs: number): SourceWords => {
  const trial = `A trial call follows by itself ${at(state.blocked_until_ms, nowMs)}`;
  return {
    reason: state.blocked_detail ? sentence(`${id} is paused: ${state.blocked_detail}`) : `${id} asked for a pause.`,
    next_step: hasSecret(id)
      ? `${trial}. To go on sooner, settle the cause and store the credentials again: enrichline credentials set ${id}`
      : `${trial}; nothing needs to be done.`,
  };
};

const waiting = (id: SourceId, state: LimitState, nowMs: number): SourceWords => {
  const goesOn = `calls go on by themselves ${at(state.blocked_until_ms, nowMs)}`;
  if (state.left_today !== null && state.left_today < 1) {
    return {
      reason: `Today's allowance of ${id} is used up (${state.used_today} used).`,
      next_step: `Nothing to do: ${goesOn}. Other sources are asked meanwhile.`,
    };
  }
  if (state.tokens_left !== undefined && state.tokens_left <= 0) {
    return {
      reason: `The tokens of ${id} are used up for the moment.`,
      next_step: `Nothing to do: tokens refill every minute, and ${goesOn}. If this happens often, book a larger plan.`,
    };
  }
  return { reason: `${id} asked for a slower pace.`, next_step: `Nothing to do: ${goesOn}.` };
};

/** Says how a source stands, in words that a person who never used AWS understands. */
export const sourceWords = (standing: WordedStanding, word: SourceState, nowMs: number): SourceWords => {
  const { id, state } = standing;
  if (word === "not_configured" || state === null) return unconfigured(standing);
  switch (word) {
    case "paused":
      return paused(id, state, nowMs);
    case "circuit_open":
      return {
        reason: `${id} failed several times in a row and is left alone for a while.`,
        next_step: `Nothing to do: one trial call follows by itself ${at(state.blocked_until_ms, nowMs)}. If it goes on failing, look into it with: enrichline doctor`,
      };
    case "waiting":
      return waiting(id, state, nowMs);
    case "ok":
      return {
        reason:
          state.left_today === null ? `${id} is ready.` : `${id} is ready, with ${state.left_today} left for today.`,
        next_step: "Nothing to do.",
      };
  }
};
