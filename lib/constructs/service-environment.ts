import { Token } from "aws-cdk-lib";
import type * as z from "zod";
import type { BaseEnvSchema } from "../../lambdas/common/core/base-env.ts";

type BaseKey = keyof z.input<typeof BaseEnvSchema>;

/** Schema of a function's environment: the base variables and its own. */
export type EnvSchemaLike = z.ZodObject<typeof BaseEnvSchema.shape>;

/**
 * What the stack must say of a function's environment: every variable of its schema, as text, but for the base
 * variables, which `ServiceFunction` sets. A variable that is forgotten or misspelt does not compile.
 */
export type ServiceEnvironment<Schema extends EnvSchemaLike> = {
  readonly [Key in Exclude<keyof z.input<Schema>, BaseKey>]-?: z.input<Schema>[Key] extends string
    ? z.input<Schema>[Key]
    : string;
};

/**
 * Checks what is known at synth against the schema; values that only a deploy knows are left to the function.
 * @throws Error naming each variable that the function would refuse at its start
 */
export const checkEnvironment = (schema: EnvSchemaLike, environment: Readonly<Record<string, string>>): void => {
  const shape: Record<string, z.core.$ZodType> = schema.shape;
  const problems = Object.entries(environment).flatMap(([name, value]) => {
    const field = shape[name];
    if (!field) return [`${name} is not in the schema`];
    if (Token.isUnresolved(value)) return [];
    const result = (field as z.ZodType).safeParse(value);
    return result.success ? [] : [`${name}: ${result.error.issues.map(({ message }) => message).join(", ")}`];
  });
  if (problems.length > 0) throw new Error(`the function would not start: ${problems.join("; ")}`);
};
