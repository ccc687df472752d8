import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { accessKey, ownerKey } from "../../../common/core/access/access-row.ts";
import { type ApiKeyRow, ENDED_KEY_DAYS, MAX_KEYS } from "../../../common/core/access/api-key.ts";
import { isoTime } from "../../../common/core/clock.ts";
import { KeyRequestSchema, NewKeySchema } from "../../../common/core/contract/access/keys.ts";
import { secondsAfterDays } from "../../../common/core/durations.ts";
import { ConflictError, ValidationError } from "../../../common/core/errors.ts";
import { newSecret } from "../../../common/platform/access/access-secrets.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { requireOperator } from "../../../common/platform/http/auth-context.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { keyView } from "./key-view.ts";

const route = createRoute({
  method: "post",
  path: `${API_BASE}/keys`,
  summary: "Make a key for a program",
  description:
    "A key lets a program call the API as you, within its scopes, until you revoke it or it ends. The answer shows it once; nobody can show it again. It takes no Idempotency-Key, because its answer is kept nowhere: if you lose it, revoke the key and make another one. Only people who are signed in make keys.",
  tags: ["Access"],
  ...signedIn("person"),
  request: {
    query: strictQuery({}),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: KeyRequestSchema,
          example: { name: "nightly upload", scopes: ["read", "upload"] },
        },
      },
    },
  },
  responses: { 201: json(NewKeySchema, "The key; note it down"), ...problems(400, 401, 403, 409, 415, 503) },
});

const requireFuture = (validUntil: string | null, nowMs: number): void => {
  if (validUntil === null || Date.parse(validUntil) > nowMs) return;
  throw new ValidationError("The key would have ended already.", {
    errors: [{ field: "valid_until", problem: `must be after ${isoTime(nowMs)}` }],
  });
};

/** Registers `POST /keys`. */
export const createKey = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const caller = callerOf(c);
    const { name, scopes, valid_until = null } = c.req.valid("json");
    const nowMs = deps.clock.now();
    requireFuture(valid_until, nowMs);
    if (scopes.includes("operate")) requireOperator(caller);
    const keyId = `key_${deps.newId()}`;
    const { secret, hash } = newSecret("key", keyId);
    const row: ApiKeyRow = {
      access_key: accessKey("key", keyId),
      owner_key: ownerKey("key", caller.userId),
      created_at: isoTime(nowMs),
      key_id: keyId,
      user_id: caller.userId,
      username: caller.username,
      name,
      scopes,
      secret_hash: hash,
      valid_until: valid_until === null ? null : isoTime(Date.parse(valid_until)),
      ...(valid_until === null ? {} : { expires_at: secondsAfterDays(Date.parse(valid_until), ENDED_KEY_DAYS) }),
    };
    if (!(await deps.keys.create(row, nowMs))) {
      throw new ConflictError(`You have ${MAX_KEYS} keys: revoke one that nobody needs.`, "too_many_keys");
    }
    deps.logger.warn("a key was made", { key_id: keyId, user_id: caller.userId, scopes, valid_until: row.valid_until });
    return c.json({ ...keyView(row, nowMs), key: secret }, 201);
  });
};
