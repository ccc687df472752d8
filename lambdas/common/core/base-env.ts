import * as z from "zod";

/** Longest time that AWS lets a function run, seconds. */
export const MAX_FUNCTION_SECONDS = 900;

/** Variables that every function has. */
export const BaseEnvSchema = z.object({
  STAGE: z.string().min(1),
  LOG_LEVEL: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO"),
  /** Name of the function in logs and metrics. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
});
export type BaseEnv = z.infer<typeof BaseEnvSchema>;
