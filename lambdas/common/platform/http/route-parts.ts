import * as z from "zod";
import { CatalogIdSchema } from "../../core/catalogs/catalog-id.ts";
import { ProblemSchema } from "../../core/contract/problem.ts";

const WORDS: Record<number, string> = {
  400: "A rule is broken; `errors` names fields and fixes.",
  401: "No valid token.",
  403: "Not allowed for this user.",
  404: "There is no such thing, or it is not yours.",
  409: "It contradicts the present state; see `code`.",
  410: "It was there, and its time is over.",
  413: "Too large.",
  415: "Content type that is not understood.",
  422: "The Idempotency-Key was used with another request.",
  503: "Unavailable for now; `Retry-After` says when to try again.",
};

/** What API Gateway itself answers to a request without a valid token, before any function sees it. */
const RefusalSchema = z
  .looseObject({ message: z.string().describe("`Unauthorized`.") })
  .meta({ id: "Refusal", description: "API Gateway refuses a request without a valid token itself, in this form." });

/** The error answers of a route, for its OpenAPI entry. */
export const problems = <Status extends number>(...statuses: readonly Status[]) =>
  Object.fromEntries(
    statuses.map((status) => [
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

/** Marks a route as one that needs a Cognito token. */
export const SIGNED_IN = [{ bearer: [] }];
