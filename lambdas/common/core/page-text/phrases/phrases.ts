/**
 * One language's phrases: for each meaning, parts of regular expressions that are matched without regard to letter case
 * and only where no Latin letter comes before. No part repeats anything without a bound, so that a text costs steps in
 * proportion to its length. Short forms in them:
 * - `<n>` a number, any digits of the world having been made ASCII before;
 * - `<w>` up to two words, each with its space;
 * - `<date>` a day with a month, a month with a year, a month after or before a word that makes it one (`in`, `early`),
 *   or a day in figures (`2.5.`, `3/12`, `2026-03-03`);
 * - `<when>` up to two words and a date, such as `dem 3. März`.
 */
export interface Phrases {
  /** The twelve months as dates name them; their first three or four letters are known as well. Empty: figures only. */
  readonly months: readonly string[];
  /** Words before a month's name that make it a date without a day or year: a bare `may` is a verb. */
  readonly monthBefore: readonly string[];
  /** Words after a month's name that make it a date. */
  readonly monthAfter: readonly string[];

  /** Not there, yet the shop takes the order. Matched first, because such texts begin with "out of stock". */
  readonly orderable: readonly string[];
  readonly outOfStock: readonly string[];
  readonly unavailable: readonly string[];
  readonly preorder: readonly string[];
  readonly backorder: readonly string[];
  readonly lowStock: readonly string[];
  readonly inStock: readonly string[];
  /** Others sell it and nobody is featured: it is in stock, its price is not known. */
  readonly sellers: readonly string[];
  /** Not sent to the place of the viewer, which says nothing of the stock. */
  readonly elsewhere: readonly string[];
  /** No offer is featured, which says nothing of the stock of those that are not. */
  readonly unfeatured: readonly string[];
  /** A size, colour or style must be chosen first. */
  readonly choose: readonly string[];

  /** Renewed or refurbished, as a title or an offer says it. */
  readonly refurbished: readonly string[];
  readonly used: readonly string[];
  readonly rental: readonly string[];

  /** Label of the brand beside its name. */
  readonly brand: readonly string[];
  /** Label of the manufacturer. */
  readonly manufacturer: readonly string[];
  /** The line that leads to a brand's store; its group is the name. */
  readonly store: readonly string[];
  /** The link back to a search, which stands where the categories stand. */
  readonly back: readonly string[];

  /** Title of the page that does not exist. */
  readonly notFound: readonly string[];
  /** The shop's own fault. */
  readonly wrong: readonly string[];
  /** The request to load the page once more. */
  readonly reload: readonly string[];
}
