import { SpApiSecretSchema } from "../../../../../lambdas/common/core/sources/known/sp-api/secret.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { createSpApiClient } from "../../../../../lambdas/common/sources/sp-api/client.ts";
import { type FakeReply, fakeUpstream, type SeenRequest } from "../../../../helpers/source-context.ts";

/** The shop that most requests are for, by its domain and by its id at the SP-API. */
export const US = "www.amazon.com";
export const US_ID = "ATVPDKIKX0DER";
/** Credentials for North America. */
export const SECRET = SpApiSecretSchema.parse({
  client_id: "id",
  client_secret: "shh",
  refresh_token: "Atzr|1",
  region: "NA",
});
/** What Login with Amazon answers unless a test says otherwise. */
export const TOKEN = { access_token: "Atza|1", token_type: "bearer", expires_in: 3600 };
/** Whether a request is for an access token. */
export const isToken = (request: SeenRequest): boolean => request.url.pathname === "/auth/o2/token";

/** A catalog item with its title. */
export const item = (asin: string, title: string): object => ({
  asin,
  summaries: [{ marketplaceId: US_ID, itemName: title }],
});
/** The body of a search that found these. */
export const found = (...items: object[]): object => ({ numberOfResults: items.length, items });

/** A client of the SP-API over an upstream that answers by `reply`, and with `token` to requests for one. */
export const client = (
  reply: (request: SeenRequest) => FakeReply,
  token: FakeReply = { body: TOKEN },
  region = "na",
) => {
  const upstream = fakeUpstream({ ...SECRET, region: SpApiSecretSchema.shape.region.parse(region) }, (request) =>
    isToken(request) ? token : reply(request),
  );
  return { ...upstream, sp: createSpApiClient(upstream.context) };
};

/** The error of a call that must fail. @throws Error when it does not, or with another error */
export const failure = async (call: Promise<unknown> | undefined): Promise<SourceError> => {
  const error = await call?.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
};
