import type { Specification } from "../../core/products/product.ts";

/** A number as a shopper reads it: Amazon's are unrounded conversions, such as 0.7936641438656 pounds. */
const SIGNIFICANT_DIGITS = 6;

/** Text of a value with its unit; null for anything but texts and numbers, because a flag is nothing that a shopper compares. */
export const valueText = (value: unknown, unit?: unknown): string | null => {
  const text =
    typeof value === "number" && Number.isFinite(value)
      ? String(Number(value.toPrecision(SIGNIFICANT_DIGITS)))
      : typeof value === "string"
        ? value.trim()
        : "";
  if (text === "") return null;
  return typeof unit === "string" && unit.trim() !== "" ? `${text} ${unit.trim()}` : text;
};

/** Parts of Amazon's `itemInfo` that are fields of their own, or say nothing of the product. */
const NO_SPECIFICATIONS: ReadonlySet<string> = new Set(["title", "features", "bylineinfo", "tradeininfo"]);

/** `itemInfo`, its parts, and the attributes of a part; dimensions are one deeper. */
const MAX_DEPTH = 4;

/** A member by its name in either API: one begins names with a capital letter. */
const member = (node: Readonly<Record<string, unknown>>, name: string): unknown =>
  node[name] ?? node[name.charAt(0).toUpperCase() + name.slice(1)];

const isNode = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An attribute's values: one, several, or several that say of what type they are. */
const valuesOf = (node: Readonly<Record<string, unknown>>): string[] => {
  const several = member(node, "displayValues");
  const values = Array.isArray(several) ? several : [member(node, "displayValue")];
  return values.flatMap(
    (value) => valueText(isNode(value) ? member(value, "displayValue") : value, member(node, "unit")) ?? [],
  );
};

const collect = (node: unknown, depth: number): Specification[] => {
  if (!isNode(node) || depth > MAX_DEPTH) return [];
  const label = member(node, "label");
  if (typeof label === "string" && label.trim() !== "") {
    const value = valuesOf(node).join(", ");
    return value === "" ? [] : [{ name: label.trim(), value }];
  }
  return Object.entries(node).flatMap(([name, value]) =>
    NO_SPECIFICATIONS.has(name.toLowerCase()) ? [] : collect(value, depth + 1),
  );
};

/**
 * The attributes in the `itemInfo` of the Creators API or PA-API, by the labels that Amazon gives them; null when it has
 * none. What is new there is read without being named here.
 */
export const specificationsIn = (itemInfo: unknown): Specification[] | null => {
  const found = collect(itemInfo, 0);
  return found.length > 0 ? found : null;
};
