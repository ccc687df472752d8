import type { LetterJobStore } from "../../adapters/dynamodb/dead-letters/letter-job-store.ts";
import type { LetterStore } from "../../adapters/dynamodb/dead-letters/letter-store.ts";
import type { SubjectRows } from "../../adapters/dynamodb/dead-letters/subject-rows.ts";
import type { Clock } from "../../core/clock.ts";
import type { Letter } from "../../core/dead-letters/letter.ts";
import type { LetterSource } from "../../core/dead-letters/letter-queues.ts";
import { subjectOf } from "../../core/dead-letters/subject.ts";
import { judge, type Verdict } from "../../core/dead-letters/verdict.ts";
import type { Log } from "../../platform/logger.ts";
import type { SendLetter } from "./send-letter.ts";

/** What jobs work with. */
export interface LetterWork {
  readonly letters: Pick<LetterStore, "get" | "getMany" | "body" | "list" | "replace" | "noteItem">;
  readonly jobs: Pick<LetterJobStore, "get" | "listActive" | "lease" | "advance" | "release" | "allItems">;
  readonly subjects: Pick<SubjectRows, "read">;
  readonly sources: readonly LetterSource[];
  readonly sendLetter: SendLetter;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Pick<Log, "info" | "warn" | "error">;
}

/** What the row says that a letter leads to. @throws TransientError */
export const verdictOf = async (
  { subjects }: Pick<LetterWork, "subjects">,
  { queue }: Pick<Letter, "queue">,
  body: string,
): Promise<Verdict> => {
  const subject = subjectOf(queue, body);
  return judge(subject, await subjects.read(subject));
};
