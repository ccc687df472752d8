import * as z from "zod";

const listOf = <Schema extends z.ZodType>(one: Schema) =>
  z.union([one, z.array(one)]).transform((value): z.output<Schema>[] => [value].flat() as z.output<Schema>[]);

const ConditionSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

const StatementSchema = z
  .object({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Principal: z
      .union([z.string(), z.record(z.string(), listOf(z.string()))])
      .transform((who) => (typeof who === "string" ? { AWS: [who] } : who))
      .optional(),
    Action: listOf(z.string()).optional(),
    NotAction: listOf(z.string()).optional(),
    Resource: listOf(z.string()).optional(),
    NotResource: listOf(z.string()).optional(),
    Condition: ConditionSchema.default({}),
  })
  .strict();

/** One statement of a policy, its names resolved; lists where IAM takes one or several. */
export type Statement = z.infer<typeof StatementSchema>;

const DocumentSchema = z.object({ Statement: listOf(StatementSchema) });

/** The statements of a policy document. @throws ZodError when a name in it is not resolved or a key is not known */
export const statementsOf = (document: unknown): Statement[] => DocumentSchema.parse(document).Statement;
