import * as z from "zod";

/** Header that carries the correlation id, in and out. */
export const CORRELATION_HEADER = "x-correlation-id";

/** Ids that are safe in logs, messages and headers. */
const ID_PATTERN = /^[A-Za-z0-9._-]{8,64}$/;

const EventSchema = z.object({ requestContext: z.object({ requestId: z.string().regex(ID_PATTERN) }) });

/**
 * The id that follows a request through queues, events and logs: the caller's own when it is harmless (8 to 64 letters,
 * digits, dots, dashes, underscores), else API Gateway's request id, else a new one.
 */
export const correlationIdOf = (header: string | undefined, event: unknown, newId: () => string): string => {
  if (header !== undefined && ID_PATTERN.test(header)) return header;
  const parsed = EventSchema.safeParse(event);
  return parsed.success ? parsed.data.requestContext.requestId : newId();
};
