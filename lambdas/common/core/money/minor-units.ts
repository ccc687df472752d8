/**
 * Whole minor units of decimal text, such as 3241 for `"32.41"` with 2 digits or 299 for `"299"` with 0. Places
 * beyond `digits` are cut off. Undefined when the text is no amount.
 */
export const minorUnits = (amount: string, digits: number): number | undefined => {
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(amount.trim());
  return match ? Number((match[1] ?? "") + (match[2] ?? "").padEnd(digits, "0").slice(0, digits)) : undefined;
};
