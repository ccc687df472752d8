import * as z from "zod";

const bytes = (text: string): number => Buffer.byteLength(text, "utf8");

/** An attribute as DynamoDB sends it: one key that names its type. */
const AttributeSchema = z.record(z.string(), z.unknown());
const MapSchema = z.record(z.string(), AttributeSchema);
const ListSchema = z.array(AttributeSchema);

/** A list or a map has three bytes of its own, and one for each element. */
const CONTAINER_BYTES = 3;

const sizeOf = (attribute: z.infer<typeof AttributeSchema>): number => {
  const [[type = "", value] = []] = Object.entries(attribute);
  switch (type) {
    case "S":
      return bytes(String(value));
    case "N":
      return Math.ceil(String(value).replace(/[-.]|^0+/g, "").length / 2) + 1;
    case "B":
      return Math.floor((String(value).length * 3) / 4);
    case "M":
      return Object.entries(MapSchema.parse(value)).reduce(
        (sum, [name, inner]) => sum + bytes(name) + sizeOf(inner) + 1,
        CONTAINER_BYTES,
      );
    case "L":
      return ListSchema.parse(value).reduce((sum, inner) => sum + sizeOf(inner) + 1, CONTAINER_BYTES);
    case "SS":
    case "NS":
    case "BS":
      return z
        .array(z.string())
        .parse(value)
        .reduce((sum, one) => sum + bytes(one), 0);
    default:
      return 1;
  }
};

/**
 * Bytes of an item as DynamoDB counts them.
 * @param item as DynamoDB sends it, such as `{ id: { S: "1" } }`
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemSize = (item: unknown): number =>
  Object.entries(MapSchema.parse(item)).reduce((sum, [name, attribute]) => sum + bytes(name) + sizeOf(attribute), 0);
