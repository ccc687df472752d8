import * as z from "zod";

const Texts = z.record(z.string(), z.string().optional()).nullish();

/** What API Gateway hands over for a connection, as far as it is read. Never logged: its query has the ticket. */
export const ConnectionEventSchema = z.object({
  requestContext: z.object({
    connectionId: z.string().min(1),
    eventType: z.enum(["CONNECT", "DISCONNECT", "MESSAGE"]),
    requestId: z.string().optional(),
  }),
  headers: Texts,
  queryStringParameters: Texts,
  body: z.string().nullish(),
});
export type ConnectionEvent = z.infer<typeof ConnectionEventSchema>;

/** What API Gateway is answered; a status that is not 2xx refuses a connection. */
export interface Answer {
  readonly statusCode: number;
}
