import { CommittedAnswers, type NewAnswer } from "../common/adapters/dynamodb/operations/committed-answers.ts";
import { IdempotencyStore, type OnceRequest } from "../common/adapters/dynamodb/operations/idempotency-store.ts";
import type { ApiContext } from "../common/services/wiring/api-context.ts";
import type { Clients } from "../common/services/wiring/clients.ts";

/** An answer that can be given again. */
export interface StoredAnswer {
  readonly status: 200 | 201 | 202;
  /** JSON text. */
  readonly body: string;
}

/**
 * Runs `create` once per user, route and key within 24 h and answers repeats with what it answered then. Work that
 * commits in one transaction keeps its answer there with `answer.keep`, so that a repeat finds it even when the first
 * request died before it could answer.
 */
export type AnswerOnce = (
  request: OnceRequest,
  create: (answer: NewAnswer) => Promise<StoredAnswer>,
) => Promise<StoredAnswer>;

/** Builds what answers creating requests once, from keys and answers in the `operations` table. */
export const buildAnswerOnce = (
  env: { readonly OPERATIONS_TABLE_NAME: string },
  { documents, clock, newId }: Pick<Clients, "documents"> & Pick<ApiContext, "clock" | "newId">,
): AnswerOnce => {
  const idempotency = new IdempotencyStore(env.OPERATIONS_TABLE_NAME);
  const answers = new CommittedAnswers({ client: documents, tableName: env.OPERATIONS_TABLE_NAME, clock, newId });
  return (request, create) => idempotency.answerOnce(request, () => answers.answerOnce(request, create));
};
