import * as z from "zod";

const ParameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  description: z.string().default(""),
  schema: z.record(z.string(), z.unknown()).default({}),
});
const ContentSchema = z.record(z.string(), z.looseObject({ schema: z.record(z.string(), z.unknown()).default({}) }));
const OperationSchema = z.looseObject({
  summary: z.string().default(""),
  description: z.string().default(""),
  tags: z.array(z.string()).default([]),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(ParameterSchema).default([]),
  requestBody: z.looseObject({ content: ContentSchema.default({}) }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: ContentSchema.default({}) })),
});
type Operation = z.infer<typeof OperationSchema>;
const DocumentSchema = z.looseObject({
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().default("") }),
  paths: z.record(z.string(), z.record(z.string(), OperationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).default({}) }).default({ schemas: {} }),
});

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:6px}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}
details{border:1px solid #8886;border-radius:6px;padding:.5rem .75rem;margin:.5rem 0}summary{cursor:pointer}
.method{display:inline-block;min-width:4.5rem;font-weight:600;text-transform:uppercase}.open{opacity:.75;font-size:.9em}`;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const typeOf = (schema: Record<string, unknown>): string => {
  const { $ref, type, enum: values, default: byDefault } = schema;
  if (typeof $ref === "string") {
    const name = $ref.split("/").at(-1) ?? "";
    return `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`;
  }
  const kind = Array.isArray(values) ? values.map(String).join(" | ") : Array.isArray(type) ? type.join(" | ") : type;
  const suffix = byDefault === undefined ? "" : `, default ${JSON.stringify(byDefault)}`;
  return `<code>${escapeHtml(`${String(kind ?? "any")}${suffix}`)}</code>`;
};

const row = (...cells: readonly string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;

const parametersOf = (operation: Operation): string =>
  operation.parameters.length === 0
    ? ""
    : `<h4>Parameters</h4><table>${operation.parameters
        .map((parameter) =>
          row(
            `<code>${escapeHtml(parameter.name)}</code>${parameter.required ? " (required)" : ""}`,
            escapeHtml(parameter.in),
            typeOf(parameter.schema),
            escapeHtml(parameter.description),
          ),
        )
        .join("")}</table>`;

const contentOf = (content: z.infer<typeof ContentSchema>): string =>
  Object.entries(content)
    .map(([media, { schema }]) => `<code>${escapeHtml(media)}</code> ${typeOf(schema)}`)
    .join("<br>");

const operationOf = (path: string, method: string, operation: Operation): string => `<details>
<summary><span class="method">${escapeHtml(method)}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}${
  operation.security ? "" : ' <span class="open">no sign-in</span>'
}</summary>
<p>${escapeHtml(operation.description)}</p>${parametersOf(operation)}
${operation.requestBody ? `<h4>Body</h4><p>${contentOf(operation.requestBody.content)}</p>` : ""}
<h4>Answers</h4><table>${Object.entries(operation.responses)
  .map(([status, response]) => row(escapeHtml(status), escapeHtml(response.description), contentOf(response.content)))
  .join("")}</table></details>`;

/**
 * Renders an OpenAPI 3.1 document as one HTML page without scripts or foreign resources.
 * @throws ZodError when the document is none
 */
export const renderDocsPage = (openapi: Readonly<Record<string, unknown>>): string => {
  const document = DocumentSchema.parse(openapi);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation,
      tag: operation.tags[0] ?? "Other",
    })),
  );
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const rows = operations.filter((entry) => entry.tag === tag);
    return `<h2>${escapeHtml(tag)}</h2>${rows.map(({ path, method, operation }) => operationOf(path, method, operation)).join("\n")}`;
  });
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<h3 id="schema-${escapeHtml(name)}">${escapeHtml(name)}</h3><pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre>`,
  );
  const { title, version, description } = document.info;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeHtml(title)} ${escapeHtml(version)}</h1>
<p>${escapeHtml(description)}</p><p><a href="openapi.json">openapi.json</a></p>
${sections.join("\n")}<h2>Schemas</h2>${schemas.join("\n")}</body></html>`;
};
