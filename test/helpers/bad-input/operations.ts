import * as z from "zod";
import { generateOpenApi } from "../../../local/write-openapi.ts";
import { JsonSchema } from "./schema-values.ts";

const ExamplesSchema = z.record(z.string(), z.looseObject({ value: z.unknown().optional() }));
const MediaSchema = z.looseObject({
  schema: JsonSchema,
  example: z.unknown().optional(),
  examples: ExamplesSchema.optional(),
});
const OperationSchema = z.looseObject({
  parameters: z
    .array(z.looseObject({ in: z.enum(["query", "header", "path"]), name: z.string(), schema: JsonSchema }))
    .default([]),
  requestBody: z.object({ content: z.record(z.string(), MediaSchema) }).optional(),
});
const DocumentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), OperationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
const document = DocumentSchema.parse(JSON.parse(generateOpenApi()));

/** One route of the API. */
export interface Operation extends z.infer<typeof OperationSchema> {
  readonly method: string;
  readonly path: string;
}

/** All routes of the API, made by the code as it is, so that a new one is among them. */
export const OPERATIONS: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
);

/** What a reference of the document names. */
export const resolveRef = (ref: string): JsonSchema =>
  JsonSchema.parse(document.components.schemas[ref.split("/").at(-1) ?? ""]);

/** The body that the document shows for an operation, of one media type; undefined where it shows none. */
export const exampleOf = ({ requestBody }: Operation, type: string): unknown => {
  const media = requestBody?.content[type];
  if (media === undefined) return undefined;
  const named = Object.values(media.examples ?? {})[0]?.value;
  const schema = media.schema.$ref === undefined ? media.schema : resolveRef(media.schema.$ref);
  return media.example ?? named ?? schema.example ?? (schema.examples as unknown[] | undefined)?.[0];
};
