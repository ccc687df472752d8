import { operationAnchor, shortPath, tagAnchor } from "./anchors.ts";
import { type Html, html } from "./html.ts";
import { methodChip, type PlacedOperation } from "./operation-part.ts";

/** Operations under one tag. */
export interface TagGroup {
  readonly tag: string;
  readonly operations: readonly PlacedOperation[];
}

const groupPart = ({ tag, operations }: TagGroup): Html => html`<div><a href="#${tagAnchor(tag)}"><b>${tag}</b></a><ul>
${operations.map(
  ({ method, path, operation }) =>
    html`<li><a href="#${operationAnchor(method, path)}" title="${operation.summary}">${methodChip(method)} <code>${shortPath(path)}</code></a></li>
`,
)}</ul></div>
`;

/** Links to every part of the page. */
export const contentsPart = (groups: readonly TagGroup[]): Html => html`<nav aria-label="Contents">
<p><a href="#start">Start here</a> · <a href="#errors">Errors</a> · <a href="#lists">Lists</a> ·
<a href="#repeats">Repeats</a> · ${groups.map(({ tag }) => html`<a href="#${tagAnchor(tag)}">${tag}</a> · `)}<a
href="#schemas">Schemas</a> · <a href="openapi.json">openapi.json</a></p>
<details><summary>All operations</summary><div class="contents">
${groups.map(groupPart)}</div></details></nav>
`;
