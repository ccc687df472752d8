import * as z from "zod";
import type { Api, Asked } from "../api.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

const MediaSchema = z.looseObject({ example: z.unknown().optional() });
const OperationSchema = z.looseObject({
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), MediaSchema) }).optional(),
});
const DocumentSchema = z.looseObject({
  paths: z.record(z.string(), z.partialRecord(z.enum(METHODS), OperationSchema)),
});

/** A route as the API's own document names it. */
export interface Route {
  readonly method: string;
  /** Below the API's base, with `{…}` for its parameters. */
  readonly path: string;
  /** Whether anybody may call it. */
  readonly isOpen: boolean;
  /** The scope that a key needs; undefined: no key will do. */
  readonly scope: string | undefined;
  /** A request that breaks no rule, by the example of the document. */
  readonly asked: Asked;
}

const BASE = "/api/v1";
/** Bodies that the document has a schema for and no example. */
const WITHOUT_EXAMPLE = "text/csv";

const askedOf = ({ requestBody }: z.infer<typeof OperationSchema>): Asked => {
  if (!requestBody) return {};
  const { content } = requestBody;
  const type = WITHOUT_EXAMPLE in content ? WITHOUT_EXAMPLE : "application/json";
  const example = content[type]?.example;
  if (example === undefined) throw new Error(`the document has no example of ${type}`);
  return {
    headers: { "content-type": type },
    body: typeof example === "string" ? example : JSON.stringify(example),
  };
};

/** All routes that a deployed API says it has. @throws ZodError, Error for a body without an example */
export const routesOf = async (api: Api): Promise<Route[]> => {
  const { paths } = DocumentSchema.parse((await api.call("GET", "/openapi.json")).body);
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.startsWith(BASE) ? path.slice(BASE.length) : path,
      isOpen: operation.security === undefined,
      scope: operation.security?.flatMap(({ key = [] }) => key)[0],
      asked: askedOf(operation),
    })),
  );
};
