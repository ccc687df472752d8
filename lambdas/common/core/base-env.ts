import * as z from "zod";

/** Longest time that AWS lets a function run, seconds. */
export const MAX_FUNCTION_SECONDS = 900;

/** Name of a stage: short enough for the names that AWS makes of it. */
export const STAGE_NAME = /^[a-z][a-z0-9-]{1,19}$/;

/** Variables that every function has. */
export const BaseEnvSchema = z.object({
  STAGE: z.string().min(1),
  LOG_LEVEL: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO"),
  /** Name of the function in logs and metrics. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
  /** File with the milliseconds by which the function's clock runs ahead; "" everywhere but on stage local. */
  CLOCK_FILE: z.string().default(""),
});
export type BaseEnv = z.infer<typeof BaseEnvSchema>;
