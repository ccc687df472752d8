import * as z from "zod";
import { BaseEnvSchema } from "../common/core/base-env.ts";

/** Environment of `react-to-outcomes`. */
export const EnvSchema = BaseEnvSchema.extend({
  EVENT_BUS_NAME: z.string().min(1),
  /** Gets critical failures. */
  ALERT_TOPIC_ARN: z.string().min(1),
  /** Where outcomes wait when each of them leads to requests; `off` where only critical failures are reacted to. */
  REACTIONS_QUEUE_URL: z.union([z.literal("off"), z.url()]),
  /** Whether requests for other systems are put on the bus. */
  DOWNSTREAM_EVENTS: z.enum(["true", "false"]).transform((text) => text === "true"),
});
export type Env = z.infer<typeof EnvSchema>;
