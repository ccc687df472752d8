import { adviceOf, deadLetterView } from "../../../common/core/contract/operations/dead-letters.ts";
import type { RedrivePreview } from "../../../common/core/contract/operations/redrives.ts";
import type { Letter } from "../../../common/core/dead-letters/letter.ts";
import type { LetterJobKind } from "../../../common/core/dead-letters/letter-job.ts";
import { LetterQueueSchema } from "../../../common/core/dead-letters/letter-queues.ts";
import { isSelected, type LetterSelection } from "../../../common/core/dead-letters/selection.ts";
import { READ_AHEAD_ITEMS } from "../../../common/core/list-page.ts";
import type { LetterDeps } from "./letter-deps.ts";

/** Letters that a preview looks at. */
const MAX_LOOKED_AT = 2_000;
const MAX_SAMPLE = 10;

/** What the work would take up. */
interface Found {
  readonly letters: readonly Letter[];
  readonly isComplete: boolean;
}

const find = async (
  { letters }: Pick<LetterDeps, "letters">,
  selection: LetterSelection,
  limit: number,
): Promise<Found> => {
  const isTaken = (letter: Letter): boolean => letter.state === "open" && isSelected(letter, selection);
  if (selection.message_ids !== null) {
    const named = await letters.getMany(selection.message_ids);
    return { letters: named.filter(isTaken).slice(0, limit), isComplete: true };
  }
  const queues = selection.queue === null ? LetterQueueSchema.options : [selection.queue];
  const found: Letter[] = [];
  let after: string | null = null;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += READ_AHEAD_ITEMS) {
    const page = await letters.list({ list: "open", queues, after, newestFirst: false, limit: READ_AHEAD_ITEMS });
    found.push(...page.letters.filter(isTaken));
    after = page.next;
    if (after === null || found.length >= limit) return { letters: found.slice(0, limit), isComplete: true };
  }
  return { letters: found, isComplete: false };
};

const counted = (values: readonly string[]): [value: string, count: number][] => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
};

/** Says what a redrive or discard would take up, and changes nothing. @throws TransientError */
export const previewSelection = async (
  deps: Pick<LetterDeps, "letters">,
  kind: LetterJobKind,
  { selection, limit }: { readonly selection: LetterSelection; readonly limit: number | null },
): Promise<RedrivePreview> => {
  const { letters, isComplete } = await find(deps, selection, limit ?? Number.POSITIVE_INFINITY);
  return {
    kind,
    matched: letters.length,
    complete: isComplete,
    cannot_be_sent: letters.filter((letter) => adviceOf(letter) !== null).length,
    by_queue: counted(letters.map(({ queue }) => queue)).map(([queue, count]) => ({
      queue: LetterQueueSchema.parse(queue),
      count,
    })),
    by_error_code: counted(letters.map(({ error }) => error.code)).map(([error_code, count]) => ({
      error_code,
      count,
    })),
    sample: letters.slice(0, MAX_SAMPLE).map(deadLetterView),
  };
};
