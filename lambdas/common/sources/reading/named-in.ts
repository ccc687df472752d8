/**
 * The text that an entry of an answer holds under a name, such as its ASIN; "" when it holds none. For entries that are
 * of no known form, whose values may be anything.
 */
export const namedIn = (entry: unknown, name: string): string => {
  if (typeof entry !== "object" || entry === null || !Object.hasOwn(entry, name)) return "";
  const value: unknown = (entry as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
};
