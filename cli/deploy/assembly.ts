import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { CliError, EXIT } from "../cli-error.ts";

const ResourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
/** As much of a CloudFormation template as a deploy looks at. */
export const TemplateSchema = z.looseObject({
  Resources: z.record(z.string(), ResourceSchema).default({}),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
});
export type StackTemplate = z.infer<typeof TemplateSchema>;

/** One stack that a deploy makes or changes. */
export interface AssemblyStack {
  readonly name: string;
  readonly template: StackTemplate;
}

/** The stacks of a stage as the CDK synthesized them, in the order of their names. */
export interface StageAssembly {
  readonly stacks: readonly AssemblyStack[];
  /** Where the stage's settings place it; undefined: wherever the deploy's credentials are. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** What the account must have before anything is deployed; undefined on an emulator. */
  readonly bootstrap: { readonly parameter: string; readonly version: number } | undefined;
}

const ManifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          requiresBootstrapStackVersion: z.number().optional(),
          bootstrapStackVersionSsmParameter: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const known = (part: string | undefined): string | undefined =>
  part === undefined || part.startsWith("unknown-") ? undefined : part;

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, "utf8"));

/**
 * Reads what `cdk synth` wrote into a folder.
 * @throws CliError UNAVAILABLE where that is nothing that this version understands
 */
export const readAssembly = async (folder: string): Promise<StageAssembly> => {
  try {
    const { artifacts } = ManifestSchema.parse(await readJson(join(folder, "manifest.json")));
    const stacks = Object.entries(artifacts).filter(([, { type }]) => type === "aws:cloudformation:stack");
    const [, first] = stacks[0] ?? [];
    const [account, region] = first?.environment?.replace("aws://", "").split("/") ?? [];
    const { requiresBootstrapStackVersion: version, bootstrapStackVersionSsmParameter: parameter } =
      first?.properties ?? {};
    return {
      stacks: await Promise.all(
        stacks.map(async ([id, { properties }]) => ({
          name: properties?.stackName ?? id,
          template: TemplateSchema.parse(
            await readJson(join(folder, properties?.templateFile ?? `${id}.template.json`)),
          ),
        })),
      ),
      account: known(account),
      region: known(region),
      bootstrap: version === undefined || parameter === undefined ? undefined : { parameter, version },
    };
  } catch (error) {
    throw new CliError(EXIT.UNAVAILABLE, `What the CDK synthesized cannot be read. Run again after: npm ci`, {
      cause: error,
    });
  }
};
