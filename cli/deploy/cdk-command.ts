import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";

/** Where `cdk.json` is. */
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const CDK = join(REPOSITORY, "node_modules", "aws-cdk", "bin", "cdk");

/** Runs the CDK's own command; its words go to stderr where stdout is for a document. @returns its exit code */
export const runCdk = (io: Io, args: readonly string[], json: boolean): Promise<number> => {
  if (!existsSync(CDK)) {
    throw new CliError(EXIT.USAGE, `The CDK is not installed in ${REPOSITORY}. Run there: npm ci`);
  }
  return io.run(process.execPath, [CDK, ...args], REPOSITORY, json ? "aside" : "own");
};

const CONTEXT = ["-c", "--context"];

/** Sorts options of the CDK into context, which decides what is synthesized, and the rest, which is for the deploy. */
export const sortCdkOptions = (options: readonly string[]): { context: string[]; rest: string[] } => {
  const context: string[] = [];
  const rest: string[] = [];
  let isValue = false;
  for (const option of options) {
    const isContext = CONTEXT.includes(option) || option.startsWith("--context=");
    (isValue || isContext ? context : rest).push(option);
    isValue = !isValue && CONTEXT.includes(option);
  }
  return { context, rest };
};
