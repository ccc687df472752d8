import * as z from "zod";

/**
 * Schema of a route's query that refuses parameters it does not know and names those that it does, because a
 * misspelt `dryrun=true` must never start a run.
 */
export const strictQuery = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const known = Object.keys(shape);
  const hint = known.length === 0 ? "this call takes none" : `known are ${known.join(", ")}`;
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? `unknown query parameter: ${hint}` : undefined),
  });
};

/** `true` or `false` in a query. */
export const queryFlag = (byDefault: boolean) =>
  z
    .enum(["true", "false"], { error: "must be true or false" })
    .default(byDefault ? "true" : "false")
    .transform((value) => value === "true");

/** Parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe("Items a page, 1 to 100."),
  cursor: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe("`next_cursor` of the page before; absent: the first page. The filters must be the same."),
};
