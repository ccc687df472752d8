import { seededRandom } from "../seeded-random.ts";

/** Products that differ in colour only. */
export interface Family {
  readonly parent: string;
  /** All children, in a fixed order. */
  readonly children: readonly string[];
}

const LAST_CHARACTERS = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const CHILD = /^B0([A-Y0-9][A-Z0-9]{6})[A-Z0-9]$/;
const PARENT = /^B0Z([A-Z0-9]{7})$/;

/**
 * The family of an ASIN, parent or child, or null for a product on its own. ASINs that differ in their last
 * character only may be one family: `B0ABCDEFG?` with the parent `B0ZABCDEFG`. No shop has ASINs beginning with
 * `B0Z` yet, so that a parent is recognised by its name and both directions need no table. About half of the
 * prefixes have a family, of 2 to 24 children.
 */
export const familyOf = (asin: string, seed: string): Family | null => {
  const stem = (CHILD.exec(asin) ?? PARENT.exec(asin))?.[1];
  if (stem === undefined) return null;
  const random = seededRandom(seed, "family", stem);
  if (random.chance(0.5)) return null;
  const size = random.between(2, 24);
  const children = random
    .shuffle(LAST_CHARACTERS)
    .slice(0, size)
    .sort()
    .map((last) => `B0${stem}${last}`);
  if (!asin.startsWith("B0Z") && !children.includes(asin)) return null;
  return { parent: `B0Z${stem}`, children };
};
