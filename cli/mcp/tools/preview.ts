import * as z from "zod";
import { defineTool, READS } from "../tool.ts";
import { PREVIEW_OUTSIDE, PreviewSchema, previewUpload, UploadInputSchema } from "./upload-preview.ts";

/** `preview`: what a file holds and what it takes; nothing is changed. */
export const preview = defineTool({
  name: "preview",
  title: "Preview an upload",
  description:
    "Says what a catalog file holds (valid, bad and duplicate rows) and what enriching it takes: calls, time, share of the day, money. Stores no catalog.",
  hints: READS,
  input: UploadInputSchema,
  output: PreviewSchema.extend({
    confirm: z
      .string()
      .nullable()
      .describe("Token with which upload may upload exactly this; null where upload asks the person directly."),
  }),
  outside: PREVIEW_OUTSIDE,
  run: async (call, input) => {
    const { preview: found, bound } = await previewUpload(call, input);
    return { ...found, confirm: call.tokenFor(bound) };
  },
});
