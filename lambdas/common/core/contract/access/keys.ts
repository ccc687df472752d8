import * as z from "zod";
import { ApiKeyRowSchema, KeyIdSchema, KeyStateSchema } from "../../access/api-key.ts";
import { ScopeSchema } from "../../access/scopes.ts";
import { NOT_BLANK } from "../../text/not-blank.ts";

const row = ApiKeyRowSchema.shape;
const MAX_NAME = 100;
const SCOPES =
  "What it may do. `read`: see all that you see, and look products up. `upload`: bring catalogs and products in; start, stop and remove what is yours. `operate`: what only operators may do, while you are one. None includes another.";

/** Body of `POST /keys`. */
export const KeyRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(MAX_NAME).meta(NOT_BLANK).describe("What it is for, in words of yours."),
    scopes: z
      .array(ScopeSchema)
      .min(1)
      .max(ScopeSchema.options.length)
      .refine((scopes) => new Set(scopes).size === scopes.length, "name each scope once")
      .describe(SCOPES)
      .meta({ uniqueItems: true }),
    valid_until: z.iso
      .datetime()
      .nullable()
      .optional()
      .describe("When it ends by itself, in UTC; null or absent: not before you revoke it."),
  })
  .meta({ id: "KeyRequest" });

/** A key as its owner sees it. */
export const KeySchema = z
  .object({
    key_id: KeyIdSchema.describe("Names the key, in logs too; it is no secret."),
    name: row.name.describe("What it is for."),
    scopes: z.array(ScopeSchema).describe(SCOPES),
    state: KeyStateSchema.describe("Only an active key lets anybody in."),
    valid_until: row.valid_until.describe("When it ends by itself; null: it does not."),
    created_at: row.created_at.describe("When it was made."),
    last_used_at: z.iso.datetime().nullable().describe("When it was used last, to within some minutes; null: never."),
    revoked_at: z.iso.datetime().nullable().describe("When it was revoked; null: it was not."),
  })
  .meta({ id: "Key" });
export type Key = z.infer<typeof KeySchema>;

/** Answer of `POST /keys`. */
export const NewKeySchema = KeySchema.extend({
  key: z
    .string()
    .describe("The secret: send it as `Authorization: Bearer <key>`. It is shown here once, and kept nowhere."),
}).meta({ id: "NewKey" });
export type NewKey = z.infer<typeof NewKeySchema>;
