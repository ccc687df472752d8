import { operationAnchor } from "./anchors.ts";
import { type Html, html } from "./html.ts";

const OPERATION = /^(GET|POST|PUT|PATCH|DELETE) (\/\S+)$/;

const codeOf = (text: string): Html => {
  const [, method, path] = OPERATION.exec(text) ?? [];
  const code = html`<code>${text}</code>`;
  return method === undefined || path === undefined
    ? code
    : html`<a href="#${operationAnchor(method, path)}">${code}</a>`;
};

/** A description: what stands between backticks is code, and leads to the operation that it names. */
export const words = (text: string): Html =>
  html`${text.split("`").map((part, index) => (index % 2 === 1 ? codeOf(part) : part))}`;
