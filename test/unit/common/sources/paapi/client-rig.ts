import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { createPaapiClient } from "../../../../../lambdas/common/sources/paapi/client.ts";
import { type FakeReply, fakeUpstream } from "../../../../helpers/source-context.ts";

/** A product, and the shop that most requests are for. */
export const A = "B000000001";
export const US = "www.amazon.com";
/** Credentials with a tag for every shop. */
export const SECRET = {
  access_key: "AKIAEXAMPLE",
  secret_key: "very+secret/key",
  partner_tags: Object.fromEntries(MARKETPLACES.map(({ code, country }) => [code, `tag-${country.toLowerCase()}`])),
};
/** A product of an answer, with its title and what else is given. */
export const item = (ASIN: string, rest: object = {}): object => ({
  ASIN,
  ItemInfo: { Title: { DisplayValue: `T ${ASIN}` } },
  ...rest,
});

/** A client of PA-API whose upstream always answers so. */
export const client = (reply: FakeReply, endpoints: Record<string, string> = {}) => {
  const upstream = fakeUpstream(SECRET, () => reply, endpoints);
  return { ...upstream, pa: createPaapiClient(upstream.context) };
};

/** The error of a call that must fail. @throws Error when it does not, or with another error */
export const failure = async (call: Promise<unknown>): Promise<SourceError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
};
