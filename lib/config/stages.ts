import * as z from "zod";

/** Every stage that can be deployed. */
export const STAGES = ["local", "dev", "staging", "prod"] as const;

/** Name of a stage, as in `cdk deploy -c stage=dev`. */
export const StageSchema = z.enum(STAGES);
export type Stage = z.infer<typeof StageSchema>;
