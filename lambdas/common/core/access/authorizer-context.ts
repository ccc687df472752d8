import * as z from "zod";
import { ScopeSchema } from "./scopes.ts";

/** How long API Gateway keeps what the authorizer said of a credential, seconds: a revoked key works for that long at most. */
export const AUTHORIZER_CACHE_SECONDS = 60;

const words = z.string().transform((text) => text.split(" ").filter((word) => word !== ""));

const PersonSchema = z.object({
  via: z.literal("person"),
  user_id: z.string().min(1),
  username: z.string().min(1),
  /** Names of groups, separated by blanks; Cognito's names have none. */
  groups: words.default([]),
});
const KeySchema = z.object({
  ...{ via: z.literal("key"), user_id: z.string().min(1), username: z.string().min(1) },
  /** Only where the key has the scope `operate`, as the user pool had them a moment ago. */
  groups: words.default([]),
  key_id: z.string().min(1),
  scopes: words.pipe(z.array(ScopeSchema)),
  /** ISO time; empty: it does not end. API Gateway keeps the answer beyond it. */
  valid_until: z.string().default(""),
});
const RefusedSchema = z.object({ via: z.literal("nobody"), reason: z.enum(["token", "key"]) });

/**
 * What the authorizer says of a request, as API Gateway hands it to functions: texts only. `nobody`: the credential is not
 * good, and the function answers that with a problem.
 */
export const AuthorizerContextSchema = z.discriminatedUnion("via", [PersonSchema, KeySchema, RefusedSchema]);
export type AuthorizerContext = z.input<typeof AuthorizerContextSchema>;
