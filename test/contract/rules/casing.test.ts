import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
/** Simulators are left out, whose names are Amazon's or those of switches, and adapters, which write rows. */
const FILES = globSync("{bin,lib,lambdas,cli,local,bench}/**/*.ts", {
  cwd: ROOT,
  exclude: ["local/upstreams/**", "lambdas/common/adapters/**"],
});
const API = readFileSync(join(ROOT, "docs/api/openapi.json"), "utf8");
/** The form of names on the wire and in rows. */
const SNAKE = /^[a-z]+\d*(?:_[a-z0-9]+)+$/;
/** Types whose names no schema has because nobody reads them back, each with where they are written. */
const WRITTEN: Readonly<Record<string, string>> = {
  "lambdas/common/core/products/stored-product.ts": "the row of a product",
  "cli/commands/catalogs/upload.ts": "the answer of `--json`",
  "local/demo/run-shop-demo.ts": "the answer of `--json`",
  "local/demo/upstream-calls.ts": "the answer of `--json`",
  "lambdas/common/core/live/server-message.ts": "a message to a WebSocket client",
  "lambdas/sweep-expired/sweep-report.ts": "the log and the function's answer",
  "lambdas/reconcile/orphaned-rows.ts": "the log and the function's answer",
  "lambdas/reconcile/overdue-uploads.ts": "the log and the function's answer",
};

const nameOf = (node: ts.Node): string | undefined => {
  const named = node as { name?: ts.Node };
  return named.name && ts.isIdentifier(named.name) && SNAKE.test(named.name.text) ? named.name.text : undefined;
};

/** Names of the API and of schemas, and names of properties of types with the file that declares them. */
const written = new Set([...API.matchAll(/"([a-z0-9_]+)"\s*:/g)].map(([, name = ""]) => name));
const declared: (readonly [file: string, name: string])[] = [];
for (const file of FILES) {
  const visit = (node: ts.Node): void => {
    const name = nameOf(node);
    if (name !== undefined) {
      if (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)) declared.push([file, name]);
      const isOfSchema =
        ts.isPropertyAssignment(node) &&
        ts.isObjectLiteralExpression(node.parent) &&
        ts.isCallExpression(node.parent.parent) &&
        /^(?:z\.(?:object|strictObject|looseObject)|strictQuery)$|\.extend$/.test(
          node.parent.parent.expression.getText(),
        );
      if (isOfSchema) written.add(name);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest, true));
}

it("a snake_case name of a type is one of the wire or of a row, which a schema has", () => {
  expect([FILES.length > 700, written.size > 300, declared.length > 50]).toEqual([true, true, true]);
  const inner = declared.filter(([file, name]) => !written.has(name) && !(file in WRITTEN));
  expect(inner.map(([file, name]) => `${file}: ${name}`)).toEqual([]);
});
