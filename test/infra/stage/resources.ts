import type { Template } from "aws-cdk-lib/assertions";
import * as z from "zod";

const ResourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});
/** One resource of a template. */
export type Resource = z.infer<typeof ResourceSchema>;

/** The resources of one type by logical id. */
export const resourcesOf = (template: Template, type: string): Map<string, Resource> =>
  new Map(
    Object.entries(template.findResources(type)).map(([id, resource]) => [id, ResourceSchema.parse(resource)] as const),
  );

const StatementSchema = z.looseObject({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]).transform((action) => [action].flat()),
  Resource: z
    .unknown()
    .transform((resource) => (Array.isArray(resource) ? resource : [resource]).map((one) => JSON.stringify(one))),
  Condition: z.unknown().optional(),
});
/** One statement; resources as JSON text. */
export type Statement = z.infer<typeof StatementSchema>;

const PolicyPropertiesSchema = z.object({ PolicyDocument: z.object({ Statement: z.array(StatementSchema) }) });

/** The statements of every role's policy, by the policy's logical id. */
export const roleStatements = (template: Template): Map<string, Statement[]> =>
  new Map(
    [...resourcesOf(template, "AWS::IAM::Policy")].map(
      ([id, { Properties }]) => [id, PolicyPropertiesSchema.parse(Properties).PolicyDocument.Statement] as const,
    ),
  );

/** The statements of the first role whose policy's logical id begins with a name; none when there is no such role. */
export const statementsOf = (template: Template, name: string): Statement[] => {
  const [, own = []] = [...roleStatements(template)].find(([id]) => id.startsWith(name)) ?? [];
  return own;
};

const FunctionPropertiesSchema = z.looseObject({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  Timeout: z.number(),
  MemorySize: z.number(),
  Runtime: z.string(),
  Handler: z.string(),
  Architectures: z.array(z.string()),
  LoggingConfig: z.object({ LogGroup: z.unknown() }),
});

/** The functions of a template by logical id. */
export const functionsOf = (template: Template): Map<string, z.infer<typeof FunctionPropertiesSchema>> =>
  new Map(
    [...resourcesOf(template, "AWS::Lambda::Function")].map(
      ([id, { Properties }]) => [id, FunctionPropertiesSchema.parse(Properties)] as const,
    ),
  );
