import * as z from "zod";

/** Body of every error answer, RFC 9457; media type `application/problem+json`. Some codes add members of their own. */
export const ProblemSchema = z
  .looseObject({
    type: z.string().describe("`urn:enrichline:problem:<code>`; not an address to open."),
    title: z.string().describe("The HTTP status in words."),
    status: z.number().int().describe("The HTTP status."),
    detail: z.string().describe("What went wrong and what to do, one or two sentences."),
    code: z.string().describe("What went wrong in one word, stable, for programs."),
    errors: z
      .array(
        z.object({
          field: z.string().describe("Parameter, header, field of the body or line of the file."),
          problem: z.string().describe("What is wrong with it, or what it must be."),
        }),
      )
      .describe("Fields that break a rule; empty for other errors."),
    correlation_id: z.string().describe("Quote it when asking for help; the logs carry it too."),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof ProblemSchema>;
