import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { bareEnvironment } from "../aws-environment.ts";
import { REPOSITORY_ROOT } from "../layout.ts";
import { runCommand } from "../process/run-command.ts";

const CdkJsonSchema = z.object({
  context: z.looseObject({ stages: z.record(z.string(), z.unknown()) }),
});

/** A synth takes some seconds, more on a busy machine. */
const TIMEOUT_MS = 300_000;
/** What stage prod must be given before it is deployed. */
const REQUIRED = { alarm_email: "lint@example.com" };

/** The context of cdk.json: stages, and the flags of the CDK. */
export const readCdkContext = async (): Promise<z.infer<typeof CdkJsonSchema>["context"]> =>
  CdkJsonSchema.parse(JSON.parse(await readFile(join(REPOSITORY_ROOT, "cdk.json"), "utf8"))).context;

/**
 * Writes the templates of a stage into `folder`, by the app alone: the CDK command line would bundle the functions too.
 * @param settings what the stage has otherwise than in cdk.json
 * @throws LocalError with what the app wrote
 */
export const synthTemplates = async (
  stage: string,
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const context = {
    ...(await readCdkContext()),
    ...{ stage, settings: { ...REQUIRED, ...settings }, "aws:cdk:bundling-stacks": [] },
  };
  await runCommand({
    name: `synthesizing stage ${stage}`,
    command: process.execPath,
    args: [join(REPOSITORY_ROOT, "bin", "app.ts")],
    env: { ...bareEnvironment(), CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) },
    cwd: REPOSITORY_ROOT,
    timeoutMs: TIMEOUT_MS,
  });
};
