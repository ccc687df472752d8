import { isDeepStrictEqual } from "node:util";
import { ConditionalCheckFailedException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { codePlaces, errorWords } from "../../core/error-words.ts";
import { EnrichlineError, TransientError } from "../../core/errors.ts";

const TRANSIENT = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "Throttling",
  "ThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "InternalServerError",
  "InternalFailure",
  "ServiceUnavailable",
  "SlowDown",
  "TimeoutError",
  "TransactionInProgressException",
  "RequestTimeout",
  "TransactionConflictException",
]);
const NETWORK = new Set(["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT", "EPIPE", "ENOTFOUND", "EAI_AGAIN"]);

const property = (error: unknown, name: string): unknown =>
  typeof error === "object" && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** Name of an SDK error, such as `ConditionalCheckFailedException`; empty when it has none. */
export const sdkErrorName = (error: unknown): string => {
  const name = property(error, "name");
  return typeof name === "string" ? name : "";
};

/**
 * The row as it was when a condition failed, if the call asked for it. Errors carry it in wire form even through
 * the document client, so it is read here.
 */
export const itemOnFailure = (error: unknown): Record<string, unknown> | undefined =>
  error instanceof ConditionalCheckFailedException && error.Item ? unmarshall(error.Item) : undefined;

/**
 * Whether a put was refused by the very item that it was to put, if the call asked for it: then an attempt before has
 * written it, and its answer was lost.
 */
export const isAsPut = (error: unknown, item: Readonly<Record<string, unknown>>): boolean =>
  error instanceof ConditionalCheckFailedException &&
  isDeepStrictEqual(error.Item, marshall(item, { removeUndefinedValues: true }));

/** Places (from 0) of the items of a cancelled transaction whose condition did not hold; none for other errors. */
export const refusedItems = (error: unknown): number[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).flatMap(({ Code }, index) => (Code === "ConditionalCheckFailed" ? [index] : []))
    : [];

/** Reasons for which a transaction is cancelled although nothing speaks against it: it may be sent again. */
const PASSING_REASONS = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded",
]);

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const isPassingCancel = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && PASSING_REASONS.has(Code));

/**
 * The beginning of a message, before any value: what a service or its SDK says of a bad value may quote it, and a value may
 * be content. Empty when it begins with one.
 */
const withoutValues = (message: string): string => (message.split(/[:'"`\d]/)[0] ?? "").trim();

/** Attributes of errors that hold items. */
const ITEMS = ["Item", "CancellationReasons"] as const;

/** Whether the message of an error may quote a value: a refusal of values, or no answer of a service at all. */
const mayQuote = (error: Error): boolean =>
  REFUSED_FOR_GOOD.has(sdkErrorName(error)) || property(error, "$metadata") === undefined;

/**
 * Takes content out of what logs show of an error, ours and the runtime's: the items of a failed condition stay readable
 * for code, but are not listed, and a message that may quote values ends before them.
 * @param isQuoting whether the message may. @default by the kind of error
 */
const withoutContent = <Failure extends Error>(error: Failure, isQuoting = mayQuote(error)): Failure => {
  for (const name of ITEMS) {
    const value = property(error, name);
    if (value !== undefined) Object.defineProperty(error, name, { value, enumerable: false, configurable: true });
  }
  if (!isQuoting) return error;
  const places = codePlaces(error);
  error.message = withoutValues(error.message) || "a value was refused";
  error.stack = [errorWords(error), ...places].join("\n");
  return error;
};

/** What DynamoDB answers for an item that it takes neither now nor later: too large, or no Unicode. */
const REFUSED_FOR_GOOD = new Set([
  "ValidationException",
  "SerializationException",
  "ItemCollectionSizeLimitExceededException",
]);

/**
 * Why a single write is refused for good, in the service's words; undefined when it is not. Only for writes whose
 * expression is known to be right: of a wrong one it says the same.
 */
export const refusedForGood = (error: unknown): string | undefined =>
  REFUSED_FOR_GOOD.has(sdkErrorName(error))
    ? withoutValues(error instanceof Error ? error.message : "") || sdkErrorName(error)
    : undefined;

/**
 * Whether a write was refused only for what passes: a transaction that is under way on the item, or a transaction of its
 * own that met another one or was short of throughput. A transaction of which a condition does not hold is none of these,
 * whatever else it met.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export const isPassingConflict = (error: unknown): boolean =>
  sdkErrorName(error) === "TransactionConflictException" ||
  (isPassingCancel(error) && refusedItems(error).length === 0);

/**
 * Converts an SDK error into the product's own: throttles, time-outs and faults of the service become
 * `TransientError`, the rest stays as it is (a bug or a missing right, which no retry fixes), without values in its words.
 */
export const translateSdkError = (error: unknown, doing: string): Error => {
  const code = property(error, "code");
  const status = property(property(error, "$metadata"), "httpStatusCode");
  const transient =
    TRANSIENT.has(sdkErrorName(error)) ||
    isPassingCancel(error) ||
    (typeof code === "string" && NETWORK.has(code)) ||
    (typeof status === "number" && status >= 500);
  if (transient)
    return new TransientError(`${doing} failed for now: ${sdkErrorName(error) || String(code)}`, {
      cause: error instanceof Error ? withoutContent(error, true) : error,
    });
  if (error instanceof EnrichlineError) return error;
  return error instanceof Error ? withoutContent(error) : new Error(`${doing} failed: ${String(error)}`);
};

/** Runs an SDK call and translates what it throws. */
export const withSdkErrors = async <T>(doing: string, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw translateSdkError(error, doing);
  }
};
