import { bodyExamples } from "./body-examples.ts";
import type { Content, Media } from "./document.ts";
import { type Html, html, joined } from "./html.ts";
import { schemaTable } from "./schema-table.ts";
import { typeWords } from "./type-words.ts";
import { words } from "./words.ts";

/** Content types that say the same of their body, together. */
const grouped = (content: Content): readonly (readonly [types: string[], media: Media])[] => {
  const groups = new Map<string, [string[], Media]>();
  for (const [type, media] of Object.entries(content)) {
    const key = JSON.stringify(media);
    const group = groups.get(key);
    if (group) group[0].push(type);
    else groups.set(key, [[type], media]);
  }
  return [...groups.values()];
};

const formPart = ([types, media]: readonly [readonly string[], Media]): Html => html`<p>${joined(
  types.map((type) => html`<code>${type}</code>`),
  html`, `,
)}: ${typeWords(media.schema)}. ${words(media.schema.description ?? "")}</p>
${schemaTable(media.schema)}
${bodyExamples(media).map(
  ({ summary, text }) => html`<p class="label">Example${summary === "" ? null : `: ${summary}`}</p><pre>${text}</pre>
`,
)}`;

/** The body of a request: its content types, what it holds, examples. */
export const bodyPart = (body: { readonly required: boolean; readonly content: Content }): Html => html`<h4>Body${
  body.required ? null : html` <small>optional</small>`
}</h4>
${grouped(body.content).map(formPart)}`;
