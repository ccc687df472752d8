import { ProductFieldsSchema } from "../../../lambdas/common/core/products/product.ts";
import { CreatorsApiSecretSchema } from "../../../lambdas/common/core/sources/known/creators-api/secret.ts";
import type { SourceAnswer, TokenCache } from "../../../lambdas/common/core/sources/source-client.ts";
import { SourceError } from "../../../lambdas/common/core/sources/source-error.ts";
import { createCreatorsApiClient } from "../../../lambdas/common/sources/creators-api/client.ts";

/** Never aborts. */
export const { signal } = new AbortController();
/** The time of the clients. */
export const NOW = Date.parse("2026-11-20T10:00:00.000Z");

/** The version of the credentials that are good for a shop. */
const versionFor = (marketplace: string): string => (/\.(nl|uk)$/.test(marketplace) ? "3.2" : "3.1");

/** A client whose token service and API answer with these bodies. */
export const clientFor = (
  reply: { status?: number; body: string; token?: { status: number; body: string } },
  tokens: TokenCache = { get: async () => undefined, put: async () => {}, drop: async () => {} },
  marketplace = "www.amazon.com",
) => {
  const respond = async (url: string | URL | Request): Promise<Response> =>
    String(url).includes("token")
      ? new Response(reply.token?.body ?? '{"access_token":"t","expires_in":3600}', {
          status: reply.token?.status ?? 200,
        })
      : new Response(reply.body, { status: reply.status ?? 200 });
  return createCreatorsApiClient({
    secret: CreatorsApiSecretSchema.parse({
      account: "shop",
      credential_version: versionFor(marketplace),
      client_id: "id",
      client_secret: "secret",
      partner_tags: { US: "xyz-20", UK: "xyz-21", BR: "xyz-22", NL: "xyz-23" },
    }),
    secretVersion: "v1",
    endpoints: { api: "http://api.test", token: "http://token.test" },
    clock: { now: () => NOW, sleep: async () => {} },
    tokens,
    fetch: respond,
  });
};

/** What the client makes of an answer of the API. */
export const fetchItems = (text: string, asins: readonly string[], marketplace = "www.amazon.com", status = 200) =>
  clientFor({ body: text, status }, undefined, marketplace).fetchProducts({ marketplace, asins }, signal);

/** The fields of one product of an answer. @throws Error when it is not in it */
export const fieldsOf = (answer: SourceAnswer, asin: string) => {
  const product = answer.products.find((p) => p.asin === asin);
  if (!product) throw new Error(`${asin} is not in the answer`);
  return ProductFieldsSchema.partial().parse(product.fields);
};

/** The SourceError with which a promise ends. @throws Error when it ends in another way */
export const errorOf = async (promise: Promise<unknown>): Promise<SourceError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SourceError) return error;
  throw new Error("no SourceError was thrown");
};
