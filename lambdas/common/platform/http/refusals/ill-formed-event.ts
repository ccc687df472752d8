import { isWellFormed, wellFormed } from "../../../core/text/well-formed.ts";

/** Parts of an event that a client writes. */
const PARTS = ["rawPath", "rawQueryString", "cookies", "headers", "body"] as const;

/** Headers that a request can be made with: an empty one as a blank, because `hono/aws-lambda` leaves empty ones out. */
const readableHeaders = (headers: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      isWellFormed([name, value]) ? [[name, value === "" ? " " : value]] : [],
    ),
  );

/**
 * An API Gateway event of payload version 2.0 whose text can be made a request of. An event with half of a surrogate
 * pair anywhere comes back repaired, with the part that was broken as `ill_formed`, so that the app can refuse it as it
 * refuses everything. Cookies are left out: no route reads any, and a strange one makes no request.
 */
export const readableEvent = <Event extends object>(event: Event): Event => {
  const parts: Record<string, unknown> = Object.fromEntries(Object.entries(event));
  const broken = PARTS.find((part) => !isWellFormed(parts[part]));
  const repaired = broken === undefined ? {} : { ...Object(wellFormed(event)), ill_formed: broken };
  return { ...event, ...repaired, headers: readableHeaders(parts.headers), cookies: [] };
};
