/** Most bytes of an item. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const MAX_ITEM_BYTES = 409_600;

/**
 * Bytes of a value as DynamoDB counts them: UTF-8 of texts and names, 1 for null and booleans, about half the digits of
 * a number and 1, and 3 for a list or map with 1 for each entry.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const valueBytes = (value: unknown): number => {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return Math.ceil(String(value).length / 2) + 2;
  if (typeof value !== "object" || value === null) return 1;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + 1 + valueBytes(entry), 3);
  return Object.entries(value).reduce((sum, [name, entry]) => sum + 1 + Buffer.byteLength(name) + valueBytes(entry), 3);
};

/** Bytes of an item: its attributes, without what a map takes for itself. */
export const itemBytes = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

/** Whether all text in a value is Unicode, names included. */
export const isAllUnicode = (value: unknown): boolean => {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return true;
  return Object.entries(value).every(([name, entry]) => name.isWellFormed() && isAllUnicode(entry));
};

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** What DynamoDB answers for an item that it takes neither now nor later; undefined for any other. */
export const refusalOf = (item: Readonly<Record<string, unknown>>): Error | undefined => {
  const json = JSON.stringify(item);
  if (json.includes("\\ud") && !isAllUnicode(item)) {
    return named("SerializationException", "Start of list found where not expected");
  }
  if (json.length * 3 > MAX_ITEM_BYTES && itemBytes(item) > MAX_ITEM_BYTES) {
    return named("ValidationException", "Item size to update has exceeded the maximum allowed size");
  }
  return undefined;
};
