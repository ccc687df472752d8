import * as z from "zod";
import { CatalogIdSchema } from "../../core/catalogs/catalog-id.ts";
import { ProblemSchema } from "../../core/contract/problem.ts";

const WORDS: Record<number, string> = {
  400: "A rule is broken; `errors` names fields and fixes.",
  401: "No valid token or key.",
  403: "Not allowed for this user.",
  404: "There is no such thing, or it is not yours.",
  409: "It contradicts the present state; see `code`.",
  410: "It was there, and its time is over.",
  413: "Too large.",
  415: "Content type that is not understood.",
  429: "Called too often with this key or feed; `Retry-After` says when to try again.",
  422: "The Idempotency-Key was used with another request.",
  503: "Unavailable for now; `Retry-After` says when to try again.",
};

/** What API Gateway itself answers to a request without a token or key, before any function sees it. */
const RefusalSchema = z.looseObject({ message: z.string().describe("`Unauthorized`.") }).meta({
  id: "Refusal",
  description: "API Gateway refuses a request without an Authorization header itself, in this form.",
});

/** What a key can meet on every route that asks for somebody: a missing scope, and its limit. */
const OF_KEYS = [403, 429];

/** The error answers of a route, for its OpenAPI entry; with 401 come those that keys can meet. */
export const problems = (...statuses: readonly number[]) =>
  Object.fromEntries(
    [...new Set([...statuses, ...(statuses.includes(401) ? OF_KEYS : [])])].sort().map((status) => [
      status,
      {
        description: WORDS[status] ?? "Error",
        content: {
          "application/problem+json": { schema: ProblemSchema },
          ...(status === 401 ? { "application/json": { schema: RefusalSchema } } : {}),
        },
      },
    ]),
  );

/** A JSON answer of a route. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** Path parameter of everything below `/catalogs/{id}`; another form is a 404. */
export const CatalogParams = z.object({
  id: CatalogIdSchema.describe("The catalog, as the answer to its upload named it.").meta({
    example: "cat_0d1z9k4m2v7h3n5x",
  }),
});
