import * as z from "zod";
import { NoticeSchema } from "../../licences/notices.ts";

/** Answer of `GET /config`: what a browser or a CLI needs to sign in and to listen. */
export const ConfigSchema = z
  .object({
    stage: z.string().describe("Name of the stage: local, dev, staging or prod."),
    region: z.string().describe("AWS region of the user pool."),
    user_pool_id: z.string().describe("Cognito user pool to sign in to."),
    client_id: z.string().describe("Its app client."),
    web_socket_url: z
      .string()
      .nullable()
      .describe("Where live updates come from, see docs/live.md; null where a stage has none: then poll."),
    default_marketplace: z.string().describe("Shop of look-ups, imports and searches that name none."),
    notices: z
      .array(NoticeSchema)
      .describe("What a site about that shop must say; `GET /marketplaces` has those of all shops."),
    simulated: z.boolean().describe("Whether upstreams are simulators, so that no answer is real."),
  })
  .meta({ id: "Config" });
export type Config = z.infer<typeof ConfigSchema>;
