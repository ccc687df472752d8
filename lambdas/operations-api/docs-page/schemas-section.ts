import { schemaAnchor } from "./anchors.ts";
import type { Schema } from "./document.ts";
import { type Html, html } from "./html.ts";
import { schemaTable } from "./schema-table.ts";
import { words } from "./words.ts";

/* A browser that follows a link to something inside a folded part opens it: so the anchor is there, not on the part. */
const schemaPart = ([name, schema]: readonly [string, Schema]): Html => html`<details>
<summary><b>${name}</b></summary>
<div class="inside" id="${schemaAnchor(name)}">
${schema.description === undefined ? null : html`<p>${words(schema.description)}</p>`}
${schemaTable(schema)}</div></details>
`;

/** All schemas that have a name, folded, in order of their names. */
export const schemasSection = (schemas: Readonly<Record<string, Schema>>): Html => html`<h2 id="schemas">Schemas</h2>
<p>What requests and answers hold. <code>[]</code> stands for any item of a list, <code>*</code> for any name in a map.
Times are UTC, ISO 8601.</p>
${Object.entries(schemas).map(schemaPart)}`;
