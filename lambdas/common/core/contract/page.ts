import * as z from "zod";

/** A page of a list. */
export const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({
    items: z.array(item).describe("The items of this page."),
    next_cursor: z
      .string()
      .nullable()
      .describe("Ask again with it as `cursor` for what follows; null on the last page."),
  });

/** A page of `Item`s, as a client reads it. */
export interface Page<Item> {
  readonly items: Item[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}
