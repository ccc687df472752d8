import * as z from "zod";
import { GroupEventNameSchema } from "../../failures/failure-group-row.ts";
import { GROUP_STATES } from "../../failures/group-state.ts";
import { TrialSizeSchema, TrialStateSchema } from "../../failures/trial.ts";
import { AsinSchema } from "../../products/asin.ts";
import { FailureGroupIdSchema } from "../../runs/failure-group-id.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import { orNull } from "../or-null.ts";

const Count = z.number().int().min(0);
const Time = z.iso.datetime();

/** What helps, in words and as a command. */
export const RemedySchema = z
  .object({
    words: z.string().describe("What to do, in plain words."),
    command: z.string().describe("The command to begin with."),
    automatic: z.boolean().describe("Whether the line goes on by itself, so that there is nothing to do."),
  })
  .meta({ id: "Remedy" });

const SampleSchema = z.object({
  catalog_id: z.string().describe("Its catalog."),
  asin: AsinSchema.describe("The product."),
  marketplace: z.string().describe("Its shop, such as www.amazon.de."),
});

/** A trial of a group and what came of it. */
export const TrialViewSchema = z
  .object({
    trial_id: z.string().describe("Its id."),
    size: TrialSizeSchema.describe("How many products it takes."),
    state: TrialStateSchema.describe(
      "`running`; `done`: it came to its end; `came_back`: it stopped, because a fifth of a part or more failed again for the same cause; `stopped`: somebody stopped it.",
    ),
    started_by: z.string().describe("User who began it."),
    started_at: Time.describe("When it began."),
    finished_at: Time.nullable().describe("When its end was noted; null: not yet."),
    tried: Count.describe("Products that were reopened."),
    healed: Count.describe("Of these, enriched by now."),
    failed_again: Count.describe("Of these, failed again for the same cause."),
    ended_otherwise: Count.describe("Of these, failed for another cause, or cancelled with their run."),
    pending: Count.describe("Of these, not ended yet."),
  })
  .meta({ id: "FailureTrial" });
export type TrialView = z.infer<typeof TrialViewSchema>;

/** Failed products with one cause and one remedy, over catalogs. */
export const FailureGroupSchema = z
  .object({
    group_id: FailureGroupIdSchema.describe("Its id: the code, and the source or shop where these make a difference."),
    state: z
      .enum(GROUP_STATES)
      .describe(
        "`open`; `trying`: a trial is under way; `resolved`: by somebody, until a product fails for it again, or because none is failed any more; `ignored`: by somebody.",
      ),
    since: Time.nullable().describe("Since when it has this state; null where nobody changed it."),
    ignored_until: Time.nullable().describe("End of ignoring; null: none."),
    error_code: z.string().describe("Why the products failed, for programs."),
    source: orNull(SourceIdSchema, "Source whose failure it is; null: nobody's in particular."),
    marketplace: z.string().nullable().describe("Shop whose failure it is; null: it makes no difference."),
    cause: z.string().describe("Why, in plain words."),
    retriable: z.boolean().describe("Whether trying again may help."),
    remedy: RemedySchema.describe("What helps."),
    count: Count.describe("Products that are failed for it at present, in the newest run of each catalog."),
    catalogs: Count.describe("Catalogs that they are in."),
    share: z.number().min(0).max(1).describe("Part of the products of these runs that have ended, 0 to 1."),
    first_seen: Time.nullable().describe("When the first of these runs met it; null: none is failed."),
    last_seen: Time.nullable().describe("When a product failed for it last; null: none is failed."),
    samples: z.array(SampleSchema).max(5).describe("Up to five of the products."),
    trial: orNull(TrialViewSchema, "The last trial; null: there was none."),
  })
  .meta({ id: "FailureGroup" });
export type FailureGroup = z.infer<typeof FailureGroupSchema>;

/** A source that open runs wait for. Nothing failed, so there is nothing to try. */
export const WaitingGroupSchema = z
  .object({
    source: SourceIdSchema.describe("The source that is waited for."),
    code: z.string().describe("Why, for programs."),
    cause: z.string().describe("Why, in plain words."),
    remedy: RemedySchema.describe("What helps."),
    catalogs: Count.describe("Catalogs whose runs wait for it."),
    pending: Count.describe("Products of these runs that have not ended; not all of them need wait for this source."),
    retry_at: Time.nullable().describe("When it is asked again; null when only a person can help."),
  })
  .meta({ id: "WaitingGroup" });
export type WaitingGroup = z.infer<typeof WaitingGroupSchema>;

/** A sum over groups. */
const SumSchema = z.object({
  key: z.string().nullable().describe("The code, source or catalog; null: of no source."),
  count: Count.describe("Failed products."),
  group_ids: z.array(z.string()).describe("Groups that they are of."),
});

/** Answer of `GET /operations/failures`. */
export const FailureGroupListSchema = z
  .object({
    items: z.array(FailureGroupSchema).describe("Groups, those with most products first."),
    sums: z.array(SumSchema).describe("The same products by what `group_by` names, most first."),
    waiting: z
      .array(WaitingGroupSchema)
      .describe("Sources that open runs wait for; these runs continue by themselves."),
    complete: z
      .boolean()
      .describe("False where more runs have failed products than one answer counts; the counts are then too low."),
  })
  .meta({ id: "FailureGroupList" });
export type FailureGroupList = z.infer<typeof FailureGroupListSchema>;

/** Answer of `GET /operations/failures/{group}`, and of what is done with a group. */
export const FailureGroupDetailSchema = FailureGroupSchema.extend({
  raw_codes: z.array(z.string()).describe("Codes that the source itself gave for some of the products."),
  runs: z
    .array(
      z.object({
        catalog_id: z.string().describe("The catalog."),
        tracking_id: z.string().describe("Its newest run."),
        count: Count.describe("Failed products of this group in it."),
      }),
    )
    .describe("Up to 20 of the runs, those with most products first."),
  history: z
    .array(
      z.object({
        at: Time.describe("When."),
        by: z.string().nullable().describe("User; null: by itself."),
        event: GroupEventNameSchema.describe("What happened; `tried` is how a trial ended."),
        note: z.string().nullable().describe("Words to it."),
      }),
    )
    .describe("What was done with the group, newest last, the last 100."),
}).meta({ id: "FailureGroupDetail" });
export type FailureGroupDetail = z.infer<typeof FailureGroupDetailSchema>;

const Note = z.string().min(1).max(500).optional().describe("Words for the history.");

/** Body of `POST /operations/failures/{group}/try`. */
export const TryRequestSchema = z
  .strictObject({
    size: TrialSizeSchema.describe("One product, ten, or all of them in parts of 10, 100 and up to 2,000."),
    dry_run: z.boolean().default(false).describe("Say what would be tried first, without doing it."),
  })
  .meta({ id: "TryFailures" });

/** Body of `resolve` and `reopen`. */
export const GroupNoteSchema = z.strictObject({ note: Note }).meta({ id: "FailureGroupNote" });

/** Body of `ignore`. */
export const IgnoreRequestSchema = z
  .strictObject({
    note: Note,
    until: Time.optional().describe("The group is open again from then on; absent: it stays ignored."),
  })
  .meta({ id: "IgnoreFailures" });

/** Answer to a dry run of `try`. */
export const TrialPreviewSchema = z
  .object({
    group_id: z.string().describe("The group."),
    size: TrialSizeSchema.describe("As asked."),
    count: Count.describe("Products that are failed for it at present."),
    first_part: z.array(SampleSchema).max(10).describe("Products that would be tried first."),
  })
  .meta({ id: "FailureTrialPreview" });
