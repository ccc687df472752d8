/** Longest text of a shop that a pattern is tried on, in UTF-16 units. The longest known phrase has 200. */
export const MAX_SHOP_TEXT_CHARS = 2000;

/**
 * The start of a text. Every pattern over a text from outside works on the result of this, because a pattern that
 * backtracks costs steps with a power of the length. No character is cut in two.
 * @param max longest result, in UTF-16 units. @default MAX_SHOP_TEXT_CHARS
 */
export const textStart = (text: string, max = MAX_SHOP_TEXT_CHARS): string => {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
};
