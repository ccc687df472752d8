import type * as z from "zod";
import { ConfigError } from "../core/errors.ts";

/**
 * Parses the environment once, at the composition root.
 * @throws ConfigError naming every variable that is missing or wrong; the function then does not start.
 */
export const parseEnv = <Schema extends z.ZodType>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> => {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new ConfigError(`environment is wrong: ${problems}`);
};
