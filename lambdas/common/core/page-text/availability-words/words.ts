/**
 * One language's words for availability: parts of regular expressions, matched without regard to letter case and
 * only where no Latin letter comes before. Short forms in them:
 * - `<n>` a number, any digits of the world having been made ASCII before;
 * - `<w>` up to two words, each with its space;
 * - `<date>` a day with a month, a month, or a day in figures (`2.5.`, `3/12`, `2026-03-03`);
 * - `<when>` up to two words and a date, such as `dem 3. März`.
 */
export interface AvailabilityWords {
  /** The twelve months as dates name them; their first three or four letters are known as well. Empty: figures only. */
  readonly months: readonly string[];
  /** Not there, yet the shop takes the order. Matched first, because such texts begin with "out of stock". */
  readonly orderable: readonly string[];
  readonly out_of_stock: readonly string[];
  readonly unavailable: readonly string[];
  readonly preorder: readonly string[];
  readonly backorder: readonly string[];
  readonly low_stock: readonly string[];
  readonly in_stock: readonly string[];
}
