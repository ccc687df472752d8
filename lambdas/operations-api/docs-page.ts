import { tagAnchor } from "./docs-page/anchors.ts";
import { contentsPart } from "./docs-page/contents-part.ts";
import { DocumentSchema, type OpenApiDocument } from "./docs-page/document.ts";
import { Html, html } from "./docs-page/html.ts";
import { operationPart } from "./docs-page/operation-part.ts";
import { schemasSection } from "./docs-page/schemas-section.ts";
import { startSection } from "./docs-page/start-section.ts";
import { STYLE } from "./docs-page/style.ts";
import { inPageOrder } from "./docs-page/tag-order.ts";
import { words } from "./docs-page/words.ts";

const groupsOf = ({ paths }: OpenApiDocument) => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tagOf = ({ operation }: (typeof operations)[number]): string => operation.tags[0] ?? "Other";
  return inPageOrder(operations.map(tagOf)).map((tag) => ({
    tag,
    operations: operations.filter((entry) => tagOf(entry) === tag),
  }));
};

/**
 * Renders an OpenAPI 3.1 document as one HTML page without scripts or foreign resources.
 * @throws ZodError when the document is none
 */
export const renderDocsPage = (openapi: Readonly<Record<string, unknown>>): string => {
  const document = DocumentSchema.parse(openapi);
  const { title, version, description } = document.info;
  const groups = groupsOf(document);
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>${new Html(STYLE)}</style></head><body><h1>${title} <small>${version}</small></h1>
<p>${words(description)}</p>
${contentsPart(groups)}${startSection()}
${groups.map(
  ({ tag, operations }) => html`<h2 id="${tagAnchor(tag)}">${tag}</h2>
${operations.map(operationPart)}`,
)}
${schemasSection(document.components.schemas)}</body></html>`;
  return page.text;
};
