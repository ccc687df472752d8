import * as z from "zod";
import { AccessRowSchema } from "./access-row.ts";
import { ScopeSchema } from "./scopes.ts";

/** Id of a key, which is no secret. */
export const KeyIdSchema = z.string().regex(/^key_[0-9a-hjkmnp-tv-z]{16}$/, "a key id is key_ + 16 characters");

/** Keys of one person that are not ended. */
export const MAX_KEYS = 50;
/** How long an ended key is listed. */
export const ENDED_KEY_DAYS = 90;

/** Row `key#<id>` of the table `access`. */
export const ApiKeyRowSchema = AccessRowSchema.extend({
  key_id: KeyIdSchema,
  /** The token's `sub` of whom it acts for. */
  user_id: z.string(),
  /** The same person, as the user pool asks for them. */
  username: z.string(),
  name: z.string(),
  scopes: z.array(ScopeSchema),
  /** SHA-256 of the whole secret, hex; the secret itself is nowhere. */
  secret_hash: z.string(),
  /** Null: it does not end by itself. */
  valid_until: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().optional(),
  /** To within some minutes. */
  last_used_at: z.iso.datetime().optional(),
});
export type ApiKeyRow = z.infer<typeof ApiKeyRowSchema>;

/** Row `keys#<user>`: the keys of a person that were not revoked; those whose time is over go with the next change. */
export const ActiveKeysSchema = z.object({
  /** Rises with each change. */
  version: z.number().int(),
  active: z.array(ApiKeyRowSchema.pick({ key_id: true, valid_until: true })),
});
export type ActiveKeys = z.infer<typeof ActiveKeysSchema>;

export const KeyStateSchema = z.enum(["active", "expired", "revoked"]);
export type KeyState = z.infer<typeof KeyStateSchema>;

/** The state of a key; it works until `valid_until`, and not at it. */
export const keyStateOf = (row: Pick<ApiKeyRow, "valid_until" | "revoked_at">, nowMs: number): KeyState => {
  if (row.revoked_at !== undefined) return "revoked";
  return row.valid_until !== null && nowMs >= Date.parse(row.valid_until) ? "expired" : "active";
};
