import * as z from "zod";
import { ValidationError } from "../core/errors.ts";

const KeySchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** One page of a list; `next_cursor` is absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string;
}

/** What a caller may ask of a list. `limit` 1 to 100. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Writes a table key as an opaque cursor that is good for the list named `list` only. */
export const encodeCursor = (list: string, key: Record<string, unknown> | undefined): string | undefined =>
  key && Buffer.from(JSON.stringify([list, key])).toString("base64url");

/**
 * Reads a cursor back.
 * @throws ValidationError when it is broken or belongs to another list.
 */
export const decodeCursor = (list: string, cursor: string | undefined): Record<string, string | number> | undefined => {
  if (cursor === undefined) return undefined;
  try {
    const [owner, key] = z
      .tuple([z.string(), KeySchema])
      .parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    if (owner === list) return key;
  } catch {
    // Falls through to the one answer for every broken cursor.
  }
  throw new ValidationError("the cursor is not one of this list", {
    code: "invalid_cursor",
    errors: [{ field: "cursor", problem: "use next_cursor of the previous page of the same list, or leave it out" }],
  });
};
