import type { Variant } from "../../../core/products/product.ts";

/**
 * One variant for each colour, in the order of the source: sizes of one colour look alike. It is the colour's first
 * variant with pictures, else its first. Variants without a colour are left out.
 */
export const distinctColours = (variants: readonly Variant[]): Variant[] => {
  const byColour = new Map<string, Variant>();
  for (const variant of variants) {
    const colour = variant.color_name?.trim().toLowerCase();
    if (!colour) continue;
    const known = byColour.get(colour);
    if (!known || (known.images.length === 0 && variant.images.length > 0)) byColour.set(colour, variant);
  }
  return [...byColour.values()];
};
