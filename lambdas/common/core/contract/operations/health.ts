import * as z from "zod";
import { SourceStateSchema } from "../../sources/source-states.ts";

const PartSchema = z.object({
  status: z.enum(["ok", "down"]).describe("Whether it answered in time."),
  latency_ms: z.number().int().min(0).describe("How long it took, milliseconds."),
});

/** Answer of `GET /health`. */
export const HealthSchema = z
  .object({
    status: z.enum(["ok", "degraded", "down"]).describe("The whole, in one word."),
    components: z
      .object({
        database: PartSchema.describe("DynamoDB."),
        queue: PartSchema.describe("SQS."),
        sources: z
          .record(z.string(), SourceStateSchema)
          .nullable()
          .describe("State by source id; null when it could not be read."),
      })
      .describe("Its parts."),
  })
  .meta({ id: "Health" });
