import { shortPath } from "./anchors.ts";
import { bodyExamples } from "./body-examples.ts";
import type { Content, Operation, Parameter } from "./document.ts";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A value that goes into the address, inside double quotes of the shell. */
const exampleOf = ({ schema, name }: Parameter): string =>
  schema.example === undefined ? `{${name}}` : encodeURIComponent(String(schema.example));

const addressOf = (path: string, parameters: readonly Parameter[]): string => {
  const filled = parameters
    .filter((parameter) => parameter.in === "path")
    .reduce((text, parameter) => text.replace(`{${parameter.name}}`, exampleOf(parameter)), shortPath(path));
  const query = parameters
    .filter(({ in: place, required, schema }) => place === "query" && (required || schema.example !== undefined))
    .map((parameter) => `${parameter.name}=${exampleOf(parameter)}`);
  return `"$API${filled}${query.length > 0 ? `?${query.join("&")}` : ""}"`;
};

const bodyOf = (content: Content): readonly string[] => {
  for (const [type, media] of Object.entries(content)) {
    const [example] = bodyExamples(media);
    if (example) return [`-H "content-type: ${type}"`, `--data-binary ${quoted(example.short)}`];
  }
  return [];
};

/**
 * A command that calls an operation, made from what the document says of it: its examples, the token where one is asked
 * for, a key where a repeat is harmless with one. `$API` and `$TOKEN` are the reader's.
 */
export const curlExample = (method: string, path: string, operation: Operation): string => {
  const verb = method.toLowerCase() === "get" ? "curl" : `curl -X ${method.toUpperCase()}`;
  const hasKey = operation.parameters.some((parameter) => parameter.name.toLowerCase() === "idempotency-key");
  return [
    `${verb} ${addressOf(path, operation.parameters)}`,
    ...(operation.security ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(hasKey ? ['-H "Idempotency-Key: $(uuidgen)"'] : []),
    ...bodyOf(operation.requestBody?.content ?? {}),
  ].join(" \\\n  ");
};
