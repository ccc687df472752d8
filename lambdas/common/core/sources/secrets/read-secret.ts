import type * as z from "zod";
import type { FieldProblem } from "../../errors.ts";
import { parseJson } from "../../parse-json.ts";

/**
 * What `credentials remove` stores: an empty object means "no credentials". A secret cannot be left without a value,
 * and deleting it would remove a resource of the stage's stack.
 */
export const REMOVED_SECRET = "{}";

/** A secret that was read, or what is wrong with it. */
export type ReadSecret<Secret> =
  | { readonly ok: true; readonly secret: Secret }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** A missing value is the most frequent problem, and the parser's message for it names types. */
const wordsFor = (issue: z.core.$ZodIssue, isMissing: boolean): string => (isMissing ? "is missing" : issue.message);

const isAbsent = (value: unknown, path: readonly PropertyKey[]): boolean => {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return true;
    found = new Map<PropertyKey, unknown>(Object.entries(found)).get(String(key));
  }
  return found === undefined;
};

/**
 * Reads a secret of a known shape. The problems name fields and what they require. They never repeat a value, so they
 * may be shown and logged.
 * @param text JSON as stored or typed
 */
export const readSecret = <Secret>(schema: z.ZodType<Secret>, text: string): ReadSecret<Secret> => {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, problems: [{ field: "(all)", problem: "must be one JSON object" }] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, secret: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => ({
      field: issue.path.map(String).join(".") || "(all)",
      problem: wordsFor(issue, isAbsent(value, issue.path)),
    })),
  };
};

/** The problems in one line, such as `client_id is missing; region: Invalid option`. */
export const problemLine = (problems: readonly FieldProblem[]): string =>
  problems
    .map(({ field, problem }) => (problem === "is missing" ? `${field} ${problem}` : `${field}: ${problem}`))
    .join("; ");
