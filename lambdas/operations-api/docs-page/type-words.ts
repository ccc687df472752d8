import { schemaAnchor } from "./anchors.ts";
import type { Schema } from "./document.ts";
import { type Html, html, joined } from "./html.ts";

const code = (text: string): Html => html`<code>${text}</code>`;

const inWords = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const refOf = (ref: string): Html => {
  const name = ref.split("/").at(-1) ?? "";
  return html`<a href="#${schemaAnchor(name)}">${name}</a>`;
};

const lengthOf = ({ minLength, maxLength }: Schema): string => {
  if (maxLength === undefined) return "";
  return minLength === maxLength ? `, ${maxLength} characters` : `, at most ${maxLength} characters`;
};

const rangeOf = (schema: Schema): string => {
  const { minimum, maximum, exclusiveMinimum, maxItems } = schema;
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, ${minimum} or more`;
  if (exclusiveMinimum !== undefined) return `, above ${exclusiveMinimum}`;
  return maxItems === undefined ? lengthOf(schema) : `, at most ${maxItems}`;
};

const enumOf = (values: readonly unknown[]): Html =>
  joined(
    values.map((value) => code(inWords(value))),
    html` | `,
  );

const objectOf = ({ properties, additionalProperties }: Schema): Html =>
  properties === undefined && typeof additionalProperties === "object"
    ? html`map of name to ${kindOf(additionalProperties)}`
    : html`object`;

const itemsOf = (items: Schema): Html => {
  if (items.properties) return html`objects`;
  return items.type === "string" && !items.enum ? html`strings` : kindOf(items);
};

const plainKind = (type: string, schema: Schema): Html => {
  if (type === "null") return html`null`;
  if (type === "array") return html`list of ${itemsOf(schema.items ?? {})}${rangeOf(schema)}`;
  if (type === "object") return objectOf(schema);
  const format = schema.format === undefined ? "" : ` (${schema.format})`;
  return html`${type}${format}${rangeOf(schema)}`;
};

const kindOf = (schema: Schema): Html => {
  if (schema.$ref !== undefined) return refOf(schema.$ref);
  if (schema.anyOf && schema.type === undefined) return joined(schema.anyOf.map(kindOf), html` or `);
  if (schema.enum) return enumOf(schema.enum);
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return html`anything`;
  return joined(
    types.map((type) => plainKind(type, schema)),
    rangeOf(schema) === "" ? html` or ` : html`, or `,
  );
};

/** The type of a schema in words: its kind, its range or its values, links to schemas that it names, its default. */
export const typeWords = (schema: Schema): Html =>
  schema.default === undefined ? kindOf(schema) : html`${kindOf(schema)}, default ${code(inWords(schema.default))}`;
