import * as z from "zod";
import { HeldContentSchema } from "../../licences/revocations/census.ts";
import {
  REVOCATION_STEPS,
  RemovedContentSchema,
  type Revocation,
  RevocationIdSchema,
  RevocationStateSchema,
} from "../../licences/revocations/revocation.ts";
import { SourceIdSchema } from "../../source-ids.ts";

/** Body of `POST /licences/revocations`. */
export const RevocationRequestSchema = z
  .strictObject({
    source: SourceIdSchema.describe("The source whose content is removed."),
    dry_run: z.boolean().default(false).describe("true: says what would be removed, and removes nothing."),
  })
  .meta({ id: "RevocationRequest" });

/** What a revocation would remove. */
export const RevocationPreviewSchema = z
  .object({
    source: SourceIdSchema.describe("The source."),
    enabled: z.boolean().describe("Whether the stage asks it; while it is revoked it does not."),
    counted_at: z.iso
      .datetime()
      .nullable()
      .describe("As of when; null: nothing was counted yet, see POST /licences/report."),
    held: HeldContentSchema.nullable().describe("What would be removed; null: not counted yet."),
    revocation_id: z.string().nullable().describe("The revocation that is in force already; null: none."),
  })
  .meta({ id: "RevocationPreview" });
export type RevocationPreview = z.infer<typeof RevocationPreviewSchema>;

/** A revocation as it is given out. */
export const RevocationViewSchema = z
  .object({
    revocation_id: RevocationIdSchema.describe("Its id."),
    source: SourceIdSchema.describe("The source that is revoked."),
    state: RevocationStateSchema.describe(
      "`removing`: what is stored goes. `settling`: it is gone; a last pass from `settle_at` on removes what was being written meanwhile. `done`: that is gone too. In these three the source is neither asked nor given out. `cancelled`, `lifted`: ended before and after it was done.",
    ),
    step: z.enum(REVOCATION_STEPS).describe("What is being gone through."),
    products_read: z.number().int().min(0).describe("Products looked through in this pass."),
    removed: RemovedContentSchema.describe("What was removed so far; at the end, the report."),
    created_at: z.iso.datetime().describe("From when on nothing of the source is given out, within half a minute."),
    updated_at: z.iso.datetime().describe("When it last came further."),
    settle_at: z.iso.datetime().describe("When the last pass begins."),
    finished_at: z.iso.datetime().nullable().describe("When all was gone; null: not yet."),
    ended_at: z.iso.datetime().nullable().describe("When an operator ended it; null: it holds."),
  })
  .meta({ id: "Revocation" });
export type RevocationView = z.infer<typeof RevocationViewSchema>;

/** A revocation without what only the work on it needs. */
export const revocationView = (revocation: Revocation): RevocationView => {
  const { revocation_id, source, state, step, products_read, removed } = revocation;
  const { created_at, updated_at, settle_at, finished_at, ended_at } = revocation;
  return {
    ...{ revocation_id, source, state, step, products_read, removed },
    ...{ created_at, updated_at, settle_at, finished_at, ended_at },
  };
};
