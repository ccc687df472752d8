const ENTRY_BYTES = 1;
const CONTAINER_BYTES = 3;

const sizeOfNumber = (value: number): number => Math.ceil(String(Math.abs(value)).replace(".", "").length / 2) + 1;

const sizeOf = (value: unknown): number => {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return sizeOfNumber(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) {
    let sum = CONTAINER_BYTES;
    for (const entry of value) sum += sizeOf(entry) + ENTRY_BYTES;
    return sum;
  }
  if (typeof value === "object" && value !== null) {
    let sum = CONTAINER_BYTES;
    const entries = value as Readonly<Record<string, unknown>>;
    // Not by Object.entries: this runs over every value that is written.
    for (const name in entries) {
      const entry = entries[name];
      if (entry !== undefined) sum += name.length + sizeOf(entry) + ENTRY_BYTES;
    }
    return sum;
  }
  return 1;
};

/** Items never change, so each is measured once. */
const sizes = new WeakMap<object, number>();

/**
 * Bytes of an item as DynamoDB counts them. Names are taken as ASCII.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemSize = (item: Readonly<Record<string, unknown>>): number => {
  const known = sizes.get(item);
  if (known !== undefined) return known;
  let sum = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) sum += name.length + sizeOf(value);
  }
  sizes.set(item, sum);
  return sum;
};
