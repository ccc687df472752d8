import { randomUUID } from "node:crypto";
import * as z from "zod";
import { ItemStateSchema } from "../../lambdas/core/batches/batch-states.ts";
import { type CatalogStatus, CatalogStatusSchema } from "../../lambdas/core/contract/runs/run-status.ts";
import { EstimateSchema } from "../../lambdas/core/estimates/estimate.ts";
import { ProductSchema } from "../../lambdas/core/products/product.ts";
import { LocalError } from "../local-error.ts";

const Count = z.number().int().min(0);

/** Answer to an upload that started a run. */
export const UploadReportSchema = z.object({
  catalog_id: z.string(),
  tracking_id: z.string(),
  total_products: Count,
  total_batches: Count,
  batch_size: z.number().int(),
  duplicates: Count,
  rejected: z.object({
    count: Count,
    rows: z.array(z.object({ line: z.number(), value: z.string(), reason: z.string() })),
  }),
  estimate: EstimateSchema.nullable(),
});
export type UploadReport = z.infer<typeof UploadReportSchema>;

/** One product of a catalog. */
export const CatalogProductSchema = z.object({
  asin: z.string(),
  sku: z.string().nullable(),
  state: ItemStateSchema,
  error_code: z.string().nullable(),
  source: z.string().nullable(),
  product: ProductSchema.nullable(),
});
export type CatalogProduct = z.infer<typeof CatalogProductSchema>;
const ProductPageSchema = z.object({ items: z.array(CatalogProductSchema), next_cursor: z.string().nullable() });

const ProblemSchema = z.object({
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), problem: z.string() })).optional(),
});

/** A catalog file as it goes over the wire. */
export interface CatalogUpload {
  readonly name: string;
  readonly marketplace: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly force: boolean;
}

/** The deployed HTTP API as the demo uses it. Every call throws LocalError with the API's own words when it fails. */
export interface ApiClient {
  upload(catalog: CatalogUpload): Promise<UploadReport>;
  status(catalogId: string): Promise<CatalogStatus>;
  /** The first products of a catalog, of one state when given. */
  products(catalogId: string, state?: "enriched" | "failed"): Promise<CatalogProduct[]>;
  /** The answer of `GET /quota` as it is; undefined when this version has none. */
  quota(): Promise<unknown>;
}

/** Longest wait for one answer; a cold function on a busy machine takes some seconds. */
const TIMEOUT_MS = 60_000;

const explain = async (what: string, response: Response): Promise<LocalError> => {
  const text = await response.text();
  const problem = (() => {
    try {
      return ProblemSchema.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  })();
  const words = problem
    ? [
        `${problem.detail} (${problem.code})`,
        ...(problem.errors ?? []).map(({ field, problem: why }) => `  ${field}: ${why}`),
      ]
    : [text.slice(0, 500) || "no body"];
  if (response.status === 413) {
    words.push("  In one request an upload may have 1 MB and 20,000 rows; bigger files go by POST /catalogs/uploads.");
  }
  return new LocalError(`${what} was answered with ${response.status}: ${words.join("\n")}`);
};

/**
 * Builds the client.
 * @param getToken signs in; asked again when a token has run out
 */
export const createApiClient = (apiUrl: string, getToken: () => Promise<string>): ApiClient => {
  let token: string | undefined;
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    for (let attempt = 1; ; attempt += 1) {
      token ??= await getToken();
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      const response = await fetch(apiUrl + path, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status !== 401 || attempt === 2) return response;
      token = undefined;
    }
  };
  const read = async <Schema extends z.ZodType>(
    what: string,
    schema: Schema,
    response: Response,
  ): Promise<z.output<Schema>> => {
    if (!response.ok) throw await explain(what, response);
    const parsed = schema.safeParse(await response.json());
    if (!parsed.success)
      throw new LocalError(`${what} gave an answer of another shape: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  return {
    upload: async ({ name, marketplace, contentType, content, force }) => {
      const query = new URLSearchParams({ name, marketplace, ...(force ? { force: "true" } : {}) });
      const response = await send(`/catalogs?${query}`, {
        method: "POST",
        headers: { "content-type": contentType, "idempotency-key": randomUUID() },
        body: Uint8Array.from(content),
      });
      return read("the upload", UploadReportSchema, response);
    },
    status: async (id) =>
      read("the status", CatalogStatusSchema, await send(`/catalogs/${encodeURIComponent(id)}/status`)),
    products: async (id, state) => {
      const query = state ? `?state=${state}` : "";
      const response = await send(`/catalogs/${encodeURIComponent(id)}/products${query}`);
      return (await read("the list of products", ProductPageSchema, response)).items;
    },
    quota: async () => {
      const response = await send("/quota");
      if (response.status === 404) return undefined;
      return read("the quota", z.unknown(), response);
    },
  };
};
