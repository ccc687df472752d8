import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { CliError, EXIT } from "../cli-error.ts";

const CDK_JSON = fileURLToPath(new URL("../../cdk.json", import.meta.url));

const CdkJsonSchema = z.looseObject({
  context: z.looseObject({
    stages: z.record(z.string(), z.looseObject({ account: z.string().optional(), region: z.string().optional() })),
  }),
});

/** Where the settings of a stage place it; undefined: wherever the person's AWS set-up is. */
export interface StagePlace {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** The stages of cdk.json, each with its place. @throws CliError USAGE when the file is not what the CDK reads */
export const readStages = async (file: string = CDK_JSON): Promise<Readonly<Record<string, StagePlace>>> => {
  try {
    const { stages } = CdkJsonSchema.parse(JSON.parse(await readFile(file, "utf8"))).context;
    return Object.fromEntries(Object.entries(stages).map(([name, { account, region }]) => [name, { account, region }]));
  } catch (error) {
    throw new CliError(EXIT.USAGE, `The stages of ${file} cannot be read: correct that file.`, { cause: error });
  }
};

/** The place of one stage. A stage that cdk.json does not have may be deployed from elsewhere, and has none. */
export const placeOf = async (stage: string, file?: string): Promise<StagePlace> =>
  (await readStages(file))[stage] ?? {};
