import * as z from "zod";
import { SourceIdSchema } from "../source-ids.ts";
import { jsonText } from "../text/json-text.ts";
import { SOURCE_LICENCES } from "./source-licences.ts";

/** Rules that the owner of a stage may lift, having somebody's agreement. The time for which data is kept is none of them. */
export const LIFTABLE_RULES = ["history", "prices_public", "ratings_public"] as const;
export type LiftableRule = (typeof LIFTABLE_RULES)[number];

/** Shorter than this is no sentence that says who agreed, and when. */
const MIN_SENTENCE = 20;
const Sentence = z
  .string()
  .trim()
  .min(MIN_SENTENCE, `say in a sentence who agreed, and when (at least ${MIN_SENTENCE} characters)`)
  .max(1_000);

/**
 * By source, the rules of its licence that the owner lifts, each with the sentence that says who agreed and when. A rule
 * that is not there, or that the licence grants anyway, is refused: nobody should believe that it does something.
 */
export const AcknowledgementsSchema = z
  .partialRecord(
    SourceIdSchema,
    z.strictObject({ history: Sentence, prices_public: Sentence, ratings_public: Sentence }).partial(),
  )
  .superRefine((acknowledged, context) => {
    for (const [source, rules] of Object.entries(acknowledged)) {
      const licence = SOURCE_LICENCES[SourceIdSchema.parse(source)];
      const lifted = LIFTABLE_RULES.filter((rule) => rules?.[rule] !== undefined);
      if (lifted.length === 0) {
        context.addIssue({ code: "custom", path: [source], message: `name a rule: ${LIFTABLE_RULES.join(", ")}` });
      }
      for (const rule of lifted.filter((one) => licence[one])) {
        context.addIssue({
          code: "custom",
          path: [source, rule],
          message: `the licence of ${source} allows it already; remove the line`,
        });
      }
    }
  });
export type Acknowledgements = z.infer<typeof AcknowledgementsSchema>;

/** The same as JSON text, as functions have it in their environment. */
export const AcknowledgementsJsonSchema = jsonText(AcknowledgementsSchema);
