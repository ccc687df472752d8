import * as z from "zod";
import { SourceCheckSchema } from "../../../lambdas/common/core/contract/operations/probes.ts";
import { SourceIdSchema } from "../../../lambdas/common/core/source-ids.ts";
import { examineDeployment } from "../../credentials/examine-deployment.ts";
import { ADDS, defineTool } from "../tool.ts";

/** `doctor`: tests each source. */
export const doctor = defineTool({
  name: "doctor",
  title: "Test the sources",
  description:
    "Tests credentials, token and one call of each source, and whether the AWS account has room; says what to do. Each test spends one call of the source's day. For operators.",
  hints: ADDS,
  input: z.strictObject({
    source: SourceIdSchema.optional().describe("Only this source; absent: all enabled ones, and the AWS account."),
    marketplace: z.string().min(1).max(100).optional().describe("Shop to ask about, such as amazon.de."),
  }),
  output: z.object({
    sources: z.array(SourceCheckSchema).describe("What was found out about each source."),
    account: z
      .object({
        ok: z.boolean().describe("Whether the account has room for the stage."),
        reason: z.string().describe("What was found, in words."),
        next_step: z.string().describe("What to do; empty when there is nothing to do."),
      })
      .nullable()
      .describe("The AWS account; null where there is none to read, or one source was named."),
  }),
  outside: ["sources[].reason", "sources[].checks[].detail"],
  run: async (call, input) => {
    const { sources, account } = await examineDeployment(call, input);
    return { sources: [...sources], account };
  },
});
