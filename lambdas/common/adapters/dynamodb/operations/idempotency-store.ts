import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { OnceRequest } from "../../../platform/http/once-request.ts";
import { createDynamoClient } from "../../aws/aws-clients.ts";
import { withOwnPuts } from "../../aws/own-puts.ts";
import { sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { keyInProgress, keyReused } from "./idempotency-refusals.ts";
import { KEY_REMEMBERED_SECONDS } from "./key-lifetime.ts";

const ContextSchema = z.custom<{ getRemainingTimeInMillis: () => number }>(
  (value) => typeof value === "object" && value !== null && "getRemainingTimeInMillis" in value,
);

const refusal = (error: unknown): Error => {
  const name = error instanceof Error ? error.name : "";
  if (name === "IdempotencyValidationError") return keyReused(error);
  if (name === "IdempotencyAlreadyInProgressError" || name === "IdempotencyInconsistentStateError") {
    return keyInProgress(error);
  }
  return error instanceof Error ? error : new Error(String(error));
};

/** Failures of the table itself come wrapped; the cause says whether they pass. */
const isStoreFailure = (error: unknown): error is Error =>
  error instanceof Error && sdkErrorName(error) === "IdempotencyPersistenceLayerError";

/** Remembers the answers to creating requests for 24 h in the `operations` table, rows `idempotency#<hash>`. */
export class IdempotencyStore {
  readonly #layer: DynamoDBPersistenceLayer;

  /** @param client takes plain commands; the document client does not fit Powertools */
  constructor(tableName: string, client: DynamoDBClient = withOwnPuts(createDynamoClient())) {
    this.#layer = new DynamoDBPersistenceLayer({
      tableName,
      awsSdkV3Client: client,
      keyAttr: "operation_key",
      expiryAttr: "expires_at",
      inProgressExpiryAttr: "in_progress_until_ms",
      statusAttr: "state",
      dataAttr: "answer",
      validationKeyAttr: "fingerprint",
    });
  }

  /**
   * Runs `create` the first time a user sends a key on a route and answers repeats with what it gave first. What `create`
   * throws is not remembered, so that a repaired request may use its key again.
   * @throws ValidationError 422 when the key came with another request before
   * @throws ConflictError `idempotency_in_progress` when the first one is not answered yet
   * @throws TransientError when the table does not answer
   */
  async answerOnce<Answer extends { readonly status: number; readonly body: string }>(
    request: OnceRequest,
    create: () => Promise<Answer>,
  ): Promise<Answer> {
    if (request.key === undefined) return create();
    const config = new IdempotencyConfig({
      eventKeyJmesPath: "id",
      payloadValidationJmesPath: "fingerprint",
      expiresAfterSeconds: KEY_REMEMBERED_SECONDS,
      hashFunction: "sha256",
      throwOnNoIdempotencyKey: true,
    });
    const context = ContextSchema.safeParse(request.lambdaContext);
    if (context.success) {
      // Powertools reads the remaining time only.
      config.registerLambdaContext(context.data as Parameters<typeof config.registerLambdaContext>[0]);
    }
    const once = makeIdempotent(async (_: { id: string[]; fingerprint: string }) => create(), {
      persistenceStore: this.#layer,
      config,
      keyPrefix: "idempotency",
    });
    try {
      return await once({ id: [request.userId, request.route, request.key], fingerprint: request.fingerprint });
    } catch (error) {
      if (isStoreFailure(error)) throw translateSdkError(error.cause ?? error, "remembering the Idempotency-Key");
      throw refusal(error);
    }
  }
}
