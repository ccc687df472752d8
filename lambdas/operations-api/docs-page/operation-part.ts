import { operationAnchor, shortPath } from "./anchors.ts";
import { bodyPart } from "./body-part.ts";
import { curlExample } from "./curl-example.ts";
import type { Content, Operation, Parameter, Schema } from "./document.ts";
import { type Html, html } from "./html.ts";
import { schemaTable } from "./schema-table.ts";
import { typeWords } from "./type-words.ts";
import { words } from "./words.ts";

/** One operation and where it lives. */
export interface PlacedOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** The method as a small coloured sign. */
export const methodChip = (method: string): Html => html`<span class="chip ${method}">${method.toUpperCase()}</span>`;

const parameterRow = ({ name, in: place, required, schema, description }: Parameter): Html => html`<tr>
<td><code>${name}</code> <small>${place}${required ? null : ", optional"}</small></td>
<td>${typeWords(schema)}</td><td>${words(description)}</td></tr>
`;

const parametersPart = (parameters: readonly Parameter[]): Html | null =>
  parameters.length === 0
    ? null
    : html`<h4>Parameters</h4>
<div class="scroll"><table><thead><tr><th>Name</th><th>Type</th><th>Meaning</th></tr></thead>
<tbody>${parameters.map(parameterRow)}</tbody></table></div>`;

const contentCell = (content: Content): Html =>
  html`${Object.entries(content).map(([type, { schema }]) =>
    /json$/.test(type) ? typeWords(schema) : html`<code>${type}</code>`,
  )}`;

/** The members of an answer that has no name among the schemas; null when it has one. */
const namelessPart = (status: string, schema: Schema): Html | null => {
  const table = schemaTable(schema);
  return table && html`<p class="label">Body of ${status}</p>${table}`;
};

const answersPart = (responses: Operation["responses"]): Html => html`<h4>Answers</h4>
<div class="scroll"><table class="answers"><thead><tr><th>Status</th><th>Body</th><th>Meaning</th></tr></thead>
<tbody>${Object.entries(responses).map(
  ([status, { description, content }]) => html`<tr>
<td><code class="s${status.charAt(0)}">${status}</code></td><td>${contentCell(content)}</td><td>${words(description)}</td></tr>
`,
)}</tbody></table></div>
${Object.entries(responses).flatMap(([status, { content }]) =>
  Object.values(content).map(({ schema }) => namelessPart(status, schema)),
)}`;

/**
 * One operation, folded: what it does, a command that calls it, parameters, body and answers. Its anchor is inside, so
 * that a link to it opens it.
 */
export const operationPart = ({ path, method, operation }: PlacedOperation): Html => html`<details>
<summary>${methodChip(method)} <code class="path">${shortPath(path)}</code> <span>${operation.summary}</span>${
  operation.security ? null : html` <small>no sign-in</small>`
}</summary>
<div class="inside" id="${operationAnchor(method, path)}">
${operation.description === "" ? null : html`<p>${words(operation.description)}</p>`}
<pre class="curl">${curlExample(method, path, operation)}</pre>
${parametersPart(operation.parameters)}
${operation.requestBody ? bodyPart(operation.requestBody) : null}
${answersPart(operation.responses)}</div></details>
`;
