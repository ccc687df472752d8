import * as z from "zod";
import { ValidationError } from "../../core/errors.ts";
import { parseJson } from "../../core/parse-json.ts";

const CursorSchema = z.object({ list: z.string(), at: z.string() });

/**
 * Makes the opaque text that continues a list.
 * @param list name of the list with everything that shapes it (ids, filters), so that a cursor fits no other list
 * @param at where the list goes on; only the route that reads it back knows its form
 */
export const encodeCursor = (list: string, at: string): string =>
  Buffer.from(JSON.stringify({ list, at }), "utf8").toString("base64url");

/**
 * Reads back where `list` continues; undefined without a cursor.
 * @throws ValidationError `invalid_cursor` when the text is damaged or was made for another list
 */
export const decodeCursor = (list: string, cursor: string | undefined): string | undefined => {
  if (cursor === undefined) return undefined;
  const parsed = CursorSchema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (parsed.success && parsed.data.list === list) return parsed.data.at;
  throw new ValidationError("This cursor does not belong to this list: start again without it.", {
    code: "invalid_cursor",
    errors: [{ field: "cursor", problem: "use next_cursor of the same list, with the same filters" }],
  });
};
