import { CommittedAnswers, type NewAnswer } from "../common/adapters/dynamodb/operations/committed-answers.ts";
import { IdempotencyStore } from "../common/adapters/dynamodb/operations/idempotency-store.ts";
import type { AnswerOnce } from "../common/platform/http/once-request.ts";
import type { ApiContext } from "../common/services/wiring/api-context.ts";
import type { Clients } from "../common/services/wiring/clients.ts";

/**
 * Answers repeats of a creating request with what it answered first. Work that commits in one transaction keeps its answer
 * there with `answer.keep`, so that a repeat finds it even when the first request died before it could answer.
 */
export type AnswerCommittedOnce = AnswerOnce<[answer: NewAnswer]>;

/** Builds what answers creating requests once, from keys and answers in the `operations` table. */
export const buildAnswerOnce = (
  env: { readonly OPERATIONS_TABLE_NAME: string },
  { documents, clock, newId }: Pick<Clients, "documents"> & Pick<ApiContext, "clock" | "newId">,
): AnswerCommittedOnce => {
  const idempotency = new IdempotencyStore(env.OPERATIONS_TABLE_NAME);
  const answers = new CommittedAnswers({ client: documents, tableName: env.OPERATIONS_TABLE_NAME, clock, newId });
  return (request, create) => idempotency.answerOnce(request, () => answers.answerOnce(request, create));
};
