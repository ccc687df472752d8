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

/** Digits only: `0x10`, `1e1`, `007`, blanks and nothing at all are numbers to `Number`, but nobody means them. */
const DIGITS = /^(?:0|[1-9]\d{0,14})$/;
const DECIMAL = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,30})?$/;

interface Rule {
  readonly error: string;
}

const plainNumber = (form: RegExp, type: "integer" | "number", minimum: number, maximum: number, rule: Rule) =>
  z
    .string()
    .regex(form, rule)
    .transform(Number)
    .pipe(z.number().min(minimum, rule).max(maximum, rule))
    // Said again for the document, which would describe the text.
    .meta({ type, minimum, maximum });

/** A whole number in a query, in plain digits. @param rule words for any other */
export const queryInteger = (
  minimum: number,
  maximum: number,
  rule: Rule = { error: `must be a whole number, ${minimum} to ${maximum}, in digits` },
) => plainNumber(DIGITS, "integer", minimum, maximum, rule);

/** A number in a query, in plain digits with an optional fraction. */
export const queryNumber = (minimum: number, maximum: number) =>
  plainNumber(DECIMAL, "number", minimum, maximum, {
    error: `must be a number, ${minimum} to ${maximum}, in digits, such as 0.5`,
  });

/** Parameters of every list. */
export const pageQuery = {
  limit: queryInteger(1, 100).default(50).describe("Items a page, 1 to 100.").meta({ default: 50 }),
  cursor: z
    .string()
    .min(1)
    .max(4096)
    // Any other text would be longer in an address than API Gateway takes.
    .regex(/^[\w-]+$/, "must be a next_cursor")
    .optional()
    .describe("`next_cursor` of the page before; absent: the first page. The filters must be the same."),
};
