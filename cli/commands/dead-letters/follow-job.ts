import {
  type RedrivenMessage,
  RedrivenMessageSchema,
  RedriveSchema,
  type RedriveView,
} from "../../../lambdas/common/core/contract/operations/redrives.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import type { LetterOutcome } from "../../../lambdas/common/core/dead-letters/letter-job.ts";
import type { ApiClient } from "../../api/api-client.ts";
import { pause } from "../../api/poll.ts";
import { EXIT, type ExitCode } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import { REDRAW } from "../../output/progress-line.ts";

/** Messages that are listed at the end; the rest is a command away. */
const SHOWN_MESSAGES = 100;
/** So long nothing may happen to a redrive that waits for outcomes before the command leaves it. */
const PATIENCE_MS = 120_000;

const MessagePageSchema = pageOf(RedrivenMessageSchema);

/** Counts in words, those that are zero left out. */
export const countWords = ({ counts }: Pick<RedriveView, "counts">): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome.replaceAll("_", " ")}`)
    .join(", ") || "nothing yet";

/** What a job did to its first letters. */
interface ReadMessages {
  readonly messages: readonly RedrivenMessage[];
  readonly isMore: boolean;
}

/** Reads what a job did to its letters, `SHOWN_MESSAGES` at most. */
export const readMessages = async (api: ApiClient, id: string): Promise<ReadMessages> => {
  const messages: RedrivenMessage[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call({
      path: `/operations/redrives/${id}/messages`,
      query: { limit: String(SHOWN_MESSAGES), cursor },
      answer: MessagePageSchema,
    });
    messages.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && messages.length < SHOWN_MESSAGES);
  return {
    messages: messages.slice(0, SHOWN_MESSAGES),
    isMore: cursor !== undefined || messages.length > SHOWN_MESSAGES,
  };
};

/** What each letter came to, as a table. */
export const messageTable = (messages: readonly RedrivenMessage[]): string =>
  formatTable(
    ["message", "queue", "outcome", "why"],
    messages.map(({ message_id, queue, outcome, words }) => [
      message_id,
      queue ?? "-",
      outcome.replaceAll("_", " "),
      words,
    ]),
  );

/** Says where all of them are, unless they are shown already. */
export const hintAtMore = (io: Io, id: string, { messages, isMore }: ReadMessages): void => {
  if (isMore) io.err(`The first ${messages.length}; all of them: GET /operations/redrives/${id}/messages\n`);
};

/** How a job ended, or where it was left. */
export interface FollowedJob {
  readonly view: RedriveView;
  /** `ended`; `left`: nothing happens for long, because rows wait for their source; `interrupted`: by Ctrl-C. */
  readonly how: "ended" | "left" | "interrupted";
}

/** Follows a job and shows its progress, until every letter has its outcome. */
export const followJob = async ({ io, api }: { io: Io; api: ApiClient }, begun: RedriveView): Promise<FollowedJob> => {
  let view = begun;
  let shown = "";
  let movedMs = io.now();
  for (;;) {
    const words = `${view.job_id}: ${view.state}; ${countWords(view)}`;
    if (words !== shown) {
      io.err(`${io.live ? REDRAW : ""}${words}${io.live ? "" : "\n"}`);
      movedMs = io.now();
      shown = words;
    }
    const how = view.finished_at === null ? (io.now() - movedMs > PATIENCE_MS ? "left" : undefined) : "ended";
    if (how) {
      if (io.live) io.err("\n");
      return { view, how };
    }
    await pause(io);
    if (io.interrupted.aborted) return { view, how: "interrupted" };
    view = await api.call({ path: `/operations/redrives/${view.job_id}`, answer: RedriveSchema });
  }
};

const FAILED: readonly LetterOutcome[] = ["failed_again", "refused", "waiting", "claimed"];

/** 0: every letter came to an end that was meant; 1: some failed again, cannot be sent, or wait. */
export const exitOf = ({ counts }: Pick<RedriveView, "counts">): ExitCode =>
  FAILED.some((outcome) => (counts[outcome] ?? 0) > 0) ? EXIT.SOME_FAILED : EXIT.OK;
