import type { Schema } from "./document.ts";
import { type Html, html } from "./html.ts";
import { typeWords } from "./type-words.ts";
import { words } from "./words.ts";

const rowOf = (name: string, parents: string, schema: Schema, isRequired: boolean): Html => html`<tr>
<td><code>${parents === "" ? null : html`<span class="dim">${parents}</span>`}${name}</code>${isRequired ? null : html` <small>optional</small>`}</td>
<td>${typeWords(schema)}</td><td>${words(schema.description ?? "")}</td></tr>
`;

/** Rows of what is inside a value: members of objects, of the items of lists, of the values of maps. */
const rowsInside = (schema: Schema, parents: string): Html[] => {
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
    rowOf(name, parents, member, schema.required?.includes(name) ?? false),
    ...rowsInside(member, `${parents}${name}.`),
  ]);
  const values = schema.additionalProperties;
  const here = parents.replace(/\.$/, "");
  return [
    ...rows,
    ...(schema.items ? rowsInside(schema.items, `${here}[].`) : []),
    ...(typeof values === "object" ? rowsInside(values, `${here}.*.`) : []),
    ...(schema.anyOf ?? []).flatMap((option) => rowsInside(option, parents)),
  ];
};

/**
 * The members of a schema as a table, one row each; those of nested values have dotted names, `[]` for any item of a
 * list and `*` for any name in a map. Null when there are none, as for text.
 */
export const schemaTable = (schema: Schema): Html | null => {
  const rows = rowsInside(schema, "");
  return rows.length === 0
    ? null
    : html`<div class="scroll"><table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
};
