import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const TemplateSchema = z.object({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
});
const FunctionSchema = z.looseObject({
  Type: z.literal("AWS::Lambda::Function"),
  Metadata: z.object({ "aws:asset:path": z.string() }),
  Properties: z.looseObject({
    Environment: z.object({ Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.string() }) }),
  }),
});

/** Folder of each room's bundle in a synthesised app. @param assemblyDir folder of the app */
export const deployedBundles = (assemblyDir: string): Map<string, string> => {
  const bundles = new Map<string, string>();
  for (const file of readdirSync(assemblyDir).filter((name) => name.endsWith(".template.json"))) {
    const { Resources } = TemplateSchema.parse(JSON.parse(readFileSync(join(assemblyDir, file), "utf8")));
    for (const resource of Object.values(Resources)) {
      const found = FunctionSchema.safeParse(resource);
      if (!found.success) continue;
      const { Metadata, Properties } = found.data;
      bundles.set(
        Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME,
        join(assemblyDir, Metadata["aws:asset:path"]),
      );
    }
  }
  return bundles;
};
