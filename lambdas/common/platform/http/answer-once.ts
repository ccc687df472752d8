import { createHash } from "node:crypto";
import type { Context } from "hono";
import * as z from "zod";
import { callerOf } from "./http-app.ts";
import type { HttpEnv } from "./http-env.ts";
import type { AnswerOnce, StoredAnswer } from "./once-request.ts";

const KEY_RULE = { error: "must be 1 to 255 visible ASCII characters, such as a UUID" };

/** Header of every creating POST, for its OpenAPI entry. */
export const IdempotencyHeaders = z.object({
  "idempotency-key": z
    .string()
    .min(1, KEY_RULE)
    .max(255, KEY_RULE)
    .regex(/^[\x21-\x7e]*$/, KEY_RULE)
    .optional()
    .describe(
      "1 to 255 visible ASCII characters, such as a UUID. Repeat a request with the same key within 24 h and get the same answer, without a second effect.",
    ),
});

/**
 * Answers a creating POST once per user, route and Idempotency-Key, which the route's `IdempotencyHeaders` have checked.
 * @param content body bytes; with method, address and content type they make the fingerprint of the request
 * @throws ValidationError 422 when the key came with another request before
 */
export const answerOnce = async <Given extends readonly unknown[]>(
  c: Context<HttpEnv>,
  store: AnswerOnce<Given>,
  content: Uint8Array,
  create: (...given: Given) => Promise<StoredAnswer>,
): Promise<StoredAnswer> => {
  const key = c.req.header("idempotency-key");
  const url = new URL(c.req.url);
  const fingerprint = createHash("sha256")
    .update(`${url.search}\n${c.req.header("content-type") ?? ""}\n`)
    .update(content)
    .digest("hex");
  const { userId } = callerOf(c);
  const route = `${c.req.method} ${c.req.path}`;
  return store({ userId, route, key, fingerprint, lambdaContext: c.env?.lambdaContext }, create);
};
