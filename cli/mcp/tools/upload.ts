import * as z from "zod";
import { CatalogStatusSchema } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { watchRun } from "../../api/watch-run.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { sendCatalog } from "../../upload/send-catalog.ts";
import { ADDS, defineTool, type ToolCall } from "../tool.ts";
import { Confirm, confirmation, OutcomeSchema } from "./outcome.ts";
import { PREVIEW_OUTSIDE, PreviewSchema, previewUpload, UploadInputSchema } from "./upload-preview.ts";

/** Clients end a call that says nothing for long; the run continues by itself. */
const MAX_WAIT_SECONDS = 600;

/** Follows the run, with progress, to its end or for so long. */
const follow = async ({ io, api }: ToolCall, catalogId: string, seconds: number) => {
  const enough = AbortSignal.timeout(seconds * 1_000);
  const own = { ...io, interrupted: AbortSignal.any([io.interrupted, enough]) };
  const { status } = await watchRun(own, api, catalogId);
  if (io.interrupted.aborted) throw new CliError(EXIT.INTERRUPTED, "Interrupted: the run continues.");
  return status;
};

/** `upload`: uploads a catalog and starts its run, after asking. */
export const upload = defineTool({
  name: "upload",
  title: "Upload a catalog",
  description:
    "Uploads a catalog file and starts enriching it, which spends calls of the sources. Asks the person first, or answers a preview with a token (outcome needs_confirmation) that a second call brings as confirm. Nothing is uploaded before that. wait_seconds follows the run with progress.",
  hints: ADDS,
  input: UploadInputSchema.extend({
    confirm: Confirm,
    wait_seconds: z
      .number()
      .int()
      .min(0)
      .max(MAX_WAIT_SECONDS)
      .default(0)
      .describe(`Follow the run for so long, 0 to ${MAX_WAIT_SECONDS}; it continues after that. status says the rest.`),
  }),
  output: z.object({
    ...OutcomeSchema.shape,
    preview: PreviewSchema.describe("What the file holds and what enriching it takes."),
    catalog_id: z.string().nullable().describe("The new catalog; null unless outcome is done."),
    status: CatalogStatusSchema.nullable().describe("The run when the wait ended; null without one."),
  }),
  outside: [...PREVIEW_OUTSIDE.map((member) => `preview.${member}`), "status.failure"],
  run: async (call, { confirm, wait_seconds, ...input }) => {
    const { preview, path, choices, bound } = await previewUpload(call, input);
    const calls = Object.entries(preview.estimate?.calls ?? {}).map(([source, count]) => `${count} calls of ${source}`);
    const question = `Upload ${choices.name ?? path} with ${preview.total_products} products (${calls.join(", ") || "no estimate"})?`;
    const answered = await call.askFirst(question, bound, confirm);
    const asked = { ...confirmation(answered), preview, catalog_id: null, status: null };
    if (answered.outcome !== "confirmed") return asked;
    const sent = await sendCatalog(call, path, choices);
    const catalogId = typeof sent === "string" ? sent : sent.catalog_id;
    const status = catalogId === null || wait_seconds === 0 ? null : await follow(call, catalogId, wait_seconds);
    return { ...asked, catalog_id: catalogId, status };
  },
});
