import * as z from "zod";
import { isWellFormed, wellFormed } from "../../../core/text/well-formed.ts";

/** Parts of an event that a client writes. */
const PARTS = ["rawPath", "rawQueryString", "cookies", "headers", "body"] as const;

/** What a header's value can be: a byte a character, none of them a control but the tab. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** What ends or changes the path of a URL: controls, which it drops, a question mark, a hash, and a backslash, which it turns. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_OF_A_PATH = /[\u0000-\u0020\u007f?#\\]/g;
/** Parts of a path that a URL takes for a way up, or for nothing. */
const DOTS = /(?<=\/)(?:\.|%2e){1,2}(?=\/|$)/gi;
/** Methods whose requests have no body; one that came all the same is not read. */
const BODILESS = ["GET", "HEAD"];
const MethodSchema = z.object({ requestContext: z.object({ http: z.object({ method: z.string() }) }) });

/** Headers that a request can be made with: an empty one as a blank, because `hono/aws-lambda` leaves empty ones out. */
const readableHeaders = (headers: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      isWellFormed([name, value]) && HEADER_VALUE.test(String(value)) ? [[name, value === "" ? " " : value]] : [],
    ),
  );

/** API Gateway decodes paths. A URL made of one that has such characters would name another address. */
const asOnePath = (path: unknown): unknown =>
  typeof path === "string"
    ? path.replace(NOT_OF_A_PATH, encodeURIComponent).replace(DOTS, (dots) => dots.replace(/\.|%2e/gi, "%252e"))
    : path;

const oddHeaderOf = (headers: unknown): string | undefined =>
  Object.entries(headers ?? {}).find(([, value]) => !HEADER_VALUE.test(String(value)))?.[0];

const hasNoBody = (event: unknown): boolean => {
  const parsed = MethodSchema.safeParse(event);
  return parsed.success && BODILESS.includes(parsed.data.requestContext.http.method);
};

/**
 * An API Gateway event of payload version 2.0 that a request can be made of. An event with half of a surrogate
 * pair anywhere comes back repaired, with the part that was broken as `ill_formed`, and one with a header that none can be
 * with that header's name as `odd_header`, so that the app can refuse it as it refuses everything. Cookies are left out:
 * no route reads any, and a strange one makes no request. So is the body of a GET, which API Gateway passes on.
 */
export const readableEvent = <Event extends object>(event: Event): Event => {
  const parts: Record<string, unknown> = Object.fromEntries(Object.entries(event));
  const broken = PARTS.find((part) => !isWellFormed(parts[part]));
  const repaired = broken === undefined ? {} : { ...Object(wellFormed(event)), ill_formed: broken };
  const odd = oddHeaderOf(parts.headers);
  return {
    ...event,
    ...repaired,
    ...(broken === undefined && odd !== undefined ? { odd_header: odd } : {}),
    ...(hasNoBody(event) ? { body: undefined } : {}),
    ...("rawPath" in repaired ? {} : { rawPath: asOnePath(parts.rawPath) }),
    headers: readableHeaders(parts.headers),
    cookies: [],
  };
};
