import * as z from "zod";

/**
 * A schema or null, under `description`. Not `nullable()`: of a schema with a name of its own, the OpenAPI document
 * would say everywhere that it may be null.
 */
export const orNull = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  z.union([schema, z.null()]).describe(description);
