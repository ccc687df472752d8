import * as z from "zod";

/** A JSON schema as far as the page shows it. Every part may be missing. */
export interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
  /** `true` or `false` say only whether other keys are taken. */
  readonly additionalProperties?: Schema | boolean | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
}

const SchemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    maxItems: z.number().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), SchemaSchema).optional(),
    items: SchemaSchema.optional(),
    additionalProperties: z.union([z.boolean(), SchemaSchema]).optional(),
    anyOf: z.array(SchemaSchema).optional(),
  }),
);

const ParameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  description: z.string().default(""),
  schema: SchemaSchema.default({}),
});
export type Parameter = z.infer<typeof ParameterSchema>;

const MediaSchema = z.looseObject({
  schema: SchemaSchema.default({}),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.looseObject({ summary: z.string().default(""), value: z.unknown() })).default({}),
});
export type Media = z.infer<typeof MediaSchema>;

const ContentSchema = z.record(z.string(), MediaSchema);
/** Bodies by content type. */
export type Content = z.infer<typeof ContentSchema>;

const OperationSchema = z.looseObject({
  summary: z.string().default(""),
  description: z.string().default(""),
  tags: z.array(z.string()).default([]),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(ParameterSchema).default([]),
  requestBody: z.looseObject({ required: z.boolean().default(false), content: ContentSchema.default({}) }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: ContentSchema.default({}) })),
});
export type Operation = z.infer<typeof OperationSchema>;

/** An OpenAPI 3.1 document as far as the page shows it. */
export const DocumentSchema = z.looseObject({
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().default("") }),
  paths: z.record(z.string(), z.record(z.string(), OperationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), SchemaSchema).default({}) }).default({ schemas: {} }),
});
export type OpenApiDocument = z.infer<typeof DocumentSchema>;
