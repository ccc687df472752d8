import { createDocumentClient, createS3Client } from "../common/adapters/aws/aws-clients.ts";
import { IdempotencyStore } from "../common/adapters/dynamodb/operations/idempotency-store.ts";
import { ProductHistory } from "../common/adapters/dynamodb/product-history/product-history.ts";
import { ProductKeys } from "../common/adapters/dynamodb/products/product-keys.ts";
import type { Cursors } from "../common/platform/http/cursors.ts";
import type { AnswerOnce } from "../common/platform/http/once-request.ts";
import { type ApiContext, buildApiContext } from "../common/services/wiring/api-context.ts";
import { buildCursors } from "../common/services/wiring/cursors.ts";
import { buildKeyCalls, type KeyDeps } from "../common/services/wiring/key-calls.ts";
import type { Env } from "./env.ts";
import { buildLookUps, type LookUps } from "./look-up/build-look-ups.ts";

/** Everything the routes of this room need. */
export interface Deps extends ApiContext, KeyDeps, LookUps {
  readonly keys: Pick<ProductKeys, "list">;
  readonly history: Pick<ProductHistory, "list">;
  readonly answerOnce: AnswerOnce;
  /** Seals and opens the cursors of lists. */
  readonly cursors: Cursors;
  /** Shop of requests that name none. */
  readonly defaultMarketplace: string;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const context = buildApiContext(env);
  const { clock, newId, logger: log } = context;
  const history = new ProductHistory(documents, env.HISTORY_TABLE_NAME);
  const idempotency = new IdempotencyStore(env.OPERATIONS_TABLE_NAME);
  return {
    ...context,
    ...buildKeyCalls(env, { documents }),
    ...buildLookUps(env, { documents, s3: createS3Client(), clock, newId, log, history }),
    keys: new ProductKeys(documents, env.PRODUCTS_TABLE_NAME),
    history,
    answerOnce: (request, create) => idempotency.answerOnce(request, create),
    cursors: buildCursors(env, clock),
    defaultMarketplace: env.DEFAULT_MARKETPLACE,
  };
};
