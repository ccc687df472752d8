import * as z from "zod";

/*
 * Leaves of the answers of Amazon's two product APIs. Null, absent and a wrong type all count as "not given",
 * so that one odd attribute never costs the rest of an item.
 */

export const text = z.string().nullish().catch(null);
export const texts = z.array(z.string()).nullish().catch(null);
export const flag = z.boolean().nullish().catch(null);
/** Numbers come as JSON numbers; documentation and third parties also show them as text, which is read all the same. */
export const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*\d+(\.\d+)?\s*$/)
      .transform(Number),
  ])
  .nullish()
  .catch(null);
