import * as z from "zod";
import { SourceCheckSchema } from "../../../lambdas/common/core/contract/operations/probes.ts";
import { SourceIdSchema } from "../../../lambdas/common/core/source-ids.ts";
import { examineDeployment } from "../../credentials/examine-deployment.ts";
import { StackCheckSchema } from "../../credentials/examine-stack.ts";
import { ADDS, defineTool } from "../tool.ts";

/** `doctor`: tests each source. */
export const doctor = defineTool({
  name: "doctor",
  title: "Test the sources and the deployment",
  description:
    "Tests credentials, token and one call of each source, whether the AWS account has room, and the deployment itself: API, dead letters, and of a stage in AWS its stacks, alarms and schedules; says what to do. Each test spends one call of the source's day. For operators.",
  hints: ADDS,
  input: z.strictObject({
    source: SourceIdSchema.optional().describe(
      "Only this source; absent: all enabled ones, the AWS account and the deployment.",
    ),
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
    stack: z.array(StackCheckSchema).describe("How the deployment itself is; empty where one source was named."),
  }),
  outside: ["sources[].reason", "sources[].checks[].detail"],
  run: async (call, input) => {
    const { sources, account, stack } = await examineDeployment(call, input);
    return { sources: [...sources], account, stack: [...stack] };
  },
});
