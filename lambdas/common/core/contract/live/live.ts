import * as z from "zod";

const Count = z.number().int().min(0);

/** Answer of `POST /live/tickets`. */
export const LiveTicketSchema = z
  .object({
    ticket: z.string().describe("Opens one WebSocket connection: `<web_socket_url>?ticket=<ticket>`."),
    expires_at: z.iso.datetime().describe("Until when it can be used, a minute from now."),
  })
  .meta({ id: "LiveTicket" });
export type LiveTicket = z.infer<typeof LiveTicketSchema>;

/** Answer of `GET /websocket/stats`. */
export const LiveStatsSchema = z
  .object({
    connections: Count.describe("Open WebSocket connections."),
    subscriptions: Count.describe("Channels that they listen to, in sum."),
    by_seller: z.record(z.string(), Count).describe("Listeners by seller, of the 100 sellers with most of them."),
    counted_at: z.iso
      .datetime()
      .nullable()
      .describe("When they were counted, about once a minute; null before the first."),
  })
  .meta({ id: "LiveStats" });
export type LiveStats = z.infer<typeof LiveStatsSchema>;
