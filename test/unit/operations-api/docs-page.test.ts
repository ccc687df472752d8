import { describe, expect, it } from "vitest";
import { curlExample } from "../../../lambdas/operations-api/docs-page/curl-example.ts";
import { DocumentSchema, type Operation } from "../../../lambdas/operations-api/docs-page/document.ts";
import { html } from "../../../lambdas/operations-api/docs-page/html.ts";
import { schemaTable } from "../../../lambdas/operations-api/docs-page/schema-table.ts";
import { inPageOrder } from "../../../lambdas/operations-api/docs-page/tag-order.ts";
import { typeWords } from "../../../lambdas/operations-api/docs-page/type-words.ts";
import { renderDocsPage } from "../../../lambdas/operations-api/docs-page.ts";
import { generateOpenApi } from "../../../local/write-openapi.ts";

const openapi = JSON.parse(generateOpenApi());
const page = renderDocsPage(openapi);
const operations = Object.values(DocumentSchema.parse(openapi).paths).flatMap(Object.values<Operation>);
const all = (pattern: RegExp, text = page): string[] => [...text.matchAll(pattern)].map(([, found = ""]) => found);

describe("the page of the API", () => {
  it("calls every operation by a command", () => {
    expect(operations.length).toBeGreaterThan(20);
    expect(all(/<pre class="curl">(curl )/g)).toHaveLength(operations.length);
  });

  it("has a target for every link, and each target once", () => {
    const targets = all(/ id="([^"]+)"/g);
    expect(new Set(targets).size).toBe(targets.length);
    const links = new Set(all(/ href="#([^"]+)"/g));
    expect(links.size).toBeGreaterThan(40);
    expect([...links].filter((link) => !targets.includes(link))).toEqual([]);
  });

  it("has the anchors of folded parts inside them, so that following a link opens the part", () => {
    expect(page).not.toMatch(/<(?:details|summary)[^>]* id=/);
    expect(all(/<\/summary>\n<div class="inside" id="([^"]+)"/g)).toContain("schema-Catalog");
  });

  it("knows the type of every parameter and field", () => {
    expect(page).not.toMatch(/<td>[^<]*anything/);
    expect(page).toContain("<td><code>auto</code> or integer, 5 to 50</td>");
  });

  it("begins with a token, errors, lists and repeats, then has the tags in the order of need", () => {
    const headings = all(/<h[23] id="([^"]+)"/g);
    expect(headings).toEqual([
      ...["start", "errors", "lists", "repeats"],
      ...["tag-catalogs", "tag-runs", "tag-exports", "tag-products"],
      ...[
        "tag-refresh",
        "tag-licences",
        "tag-operations",
        "tag-access",
        "tag-failures",
        "tag-live",
        "tag-shop",
        "tag-webhooks",
        "schemas",
      ],
    ]);
    expect(page).toContain("npx enrichline token");
    expect(inPageOrder(["Zoo", "Runs", "Ads", "Catalogs", "Runs"])).toEqual(["Catalogs", "Runs", "Ads", "Zoo"]);
  });

  it("escapes all that the document says", () => {
    const bad = `<script>"'&`;
    const schema = { type: "object", description: bad, properties: { [bad]: { enum: [bad], description: bad } } };
    const media = { schema, example: bad, examples: { a: { summary: bad, value: { [bad]: bad } } } };
    const operation = {
      ...{ summary: bad, description: `${bad} \`${bad}\``, tags: [bad] },
      parameters: [{ name: bad, in: bad, description: bad, schema: { type: bad, default: bad, example: bad } }],
      requestBody: { content: { [bad]: media } },
      responses: { [bad]: { description: bad, content: { [bad]: media } } },
    };
    const rendered = renderDocsPage({
      info: { title: bad, version: bad, description: bad },
      paths: { [`/${bad}`]: { [bad]: operation } },
      components: { schemas: { [bad]: { ...schema, anyOf: [{ $ref: `#/${bad}` }] } } },
    });
    expect(rendered).not.toContain("<script");
    expect(rendered).not.toContain(bad.slice(1));
    expect(rendered).toContain("&#60;script&#62;&#34;&#39;&#38;");
  });
});

describe("html", () => {
  it("escapes what is put in, unless it is HTML itself, and leaves nothing of null", () => {
    expect(html`<a title="${'"'}">${["<", html`<b>${1}</b>`, null]}</a>`.text).toBe(
      '<a title="&#34;">&#60;<b>1</b></a>',
    );
  });
});

describe("curlExample", () => {
  const parse = (operation: object): Operation => {
    const whole = { info: { title: "", version: "" }, paths: { "/x": { get: { responses: {}, ...operation } } } };
    return Object.values(DocumentSchema.parse(whole).paths["/x"] ?? {})[0] as Operation;
  };

  it("fills in examples, and leaves out parameters that have none and need not be there", () => {
    const operation = parse({
      parameters: [
        { name: "id", in: "path", required: true, schema: { example: "a b" } },
        { name: "other", in: "path", required: true },
        { name: "name", in: "query", schema: { example: "x&y" } },
        { name: "limit", in: "query" },
      ],
    });
    expect(curlExample("get", "/api/v1/things/{id}/{other}", operation)).toBe(
      'curl "$API/things/a%20b/{other}?name=x%26y"',
    );
  });

  it("sends a token, a key and a body where the operation takes them", () => {
    const operation = parse({
      security: [{ bearer: [] }],
      parameters: [{ name: "idempotency-key", in: "header" }],
      requestBody: { content: { "text/none": {}, "application/json": { example: { title: "it's\nhere" } } } },
    });
    expect(curlExample("post", "/api/v1/things", operation)).toBe(
      [
        'curl -X POST "$API/things"',
        '-H "Authorization: Bearer $TOKEN"',
        '-H "Idempotency-Key: $(uuidgen)"',
        '-H "content-type: application/json"',
        `--data-binary '{ "title": "it'\\''s\\nhere" }'`,
      ].join(" \\\n  "),
    );
  });
});

describe("a schema in words", () => {
  it.each([
    [{ type: "integer", minimum: 1, maximum: 9, default: 5 }, "integer, 1 to 9, default 5"],
    [{ type: ["number", "null"], minimum: 0 }, "number, 0 or more, or null"],
    [{ type: ["string", "null"], format: "date-time" }, "string (date-time) or null"],
    [{ type: "string", minLength: 3, maxLength: 3 }, "string, 3 characters"],
    [{ enum: ["a", null] }, "a | null"],
    [{ type: "array", items: { type: "string" }, maxItems: 5 }, "list of strings, at most 5"],
    [{ type: "object", additionalProperties: { type: "integer" } }, "map of name to integer"],
    [{ anyOf: [{ $ref: "#/components/schemas/Catalog" }, { type: "null" }] }, "Catalog or null"],
  ])("says %j as %s", (schema, expected) => {
    expect(typeWords(schema).text.replace(/<[^>]+>/g, "")).toBe(expected);
  });

  it("has a row for each member, however deep", () => {
    const leaf = { type: "object", properties: { x: { type: "string" } } };
    const table = schemaTable({
      type: "object",
      required: ["list"],
      properties: { list: { type: "array", items: leaf }, map: { type: "object", additionalProperties: leaf } },
    });
    const rows = all(/<td>(<code>.*)<\/td>/g, table?.text).map((cell) => cell.replace(/<[^>]+>/g, ""));
    expect(rows).toEqual(["list", "list[].x optional", "map optional", "map.*.x optional"]);
    expect(schemaTable({ type: "string" })).toBeNull();
  });
});
