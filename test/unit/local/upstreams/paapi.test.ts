import { createHash, createHmac } from "node:crypto";
import { request as httpsRequest } from "node:https";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, describe, expect, it } from "vitest";
import { LOCAL_CREDENTIALS, LOCAL_PARTNER_TAGS } from "../../../../local/upstreams/local-credentials.ts";
import { startPaapiSimulator } from "../../../../local/upstreams/paapi/server.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";
import type { RunningSimulator } from "../../../../local/upstreams/shared/server/simulator.ts";

const DE = "www.amazon.de";
const running: RunningSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** What smithy's signer wants of a hash. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === "string" ? secret : secret && Buffer.from(secret as Uint8Array);
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

interface Change {
  readonly region?: string;
  readonly service?: string;
  readonly secret?: string;
  readonly accessKey?: string;
  readonly at?: Date;
  /** Headers changed before signing. */
  readonly headers?: Record<string, string>;
  /** Headers changed after signing. */
  readonly late?: Record<string, string>;
  readonly sentBody?: string;
}

const start = async (behaviour: Record<string, unknown> = { calls_per_second: 1000 }) => {
  const simulator = await startPaapiSimulator({ products: createProductSource(), behaviour });
  running.push(simulator);
  const sign = async (operation: string, text: string, url: URL, change: Change = {}) => {
    const signer = new SignatureV4({
      service: change.service ?? "ProductAdvertisingAPI",
      region: change.region ?? "eu-west-1",
      credentials: {
        accessKeyId: change.accessKey ?? LOCAL_CREDENTIALS.paapi.access_key,
        secretAccessKey: change.secret ?? LOCAL_CREDENTIALS.paapi.secret_key,
      },
      sha256: Sha256 as never,
      applyChecksum: false,
    });
    const unsigned = {
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      path: `/paapi5/${operation.toLowerCase()}`,
      query: {},
      headers: {
        host: url.host,
        "content-encoding": "amz-1.0",
        "content-type": "application/json; charset=utf-8",
        "x-amz-target": `com.amazon.paapi5.v1.ProductAdvertisingAPIv1.${operation}`,
        ...change.headers,
      },
      body: text,
    };
    const signed = await signer.sign(unsigned, change.at ? { signingDate: change.at } : {});
    return { ...signed.headers, ...change.late };
  };
  const call = async (operation: string, fields: Record<string, unknown>, change: Change = {}, marketplace = DE) => {
    const body = {
      PartnerTag: LOCAL_PARTNER_TAGS[marketplace],
      PartnerType: "Associates",
      Marketplace: marketplace,
      ...fields,
    };
    const text = JSON.stringify(body);
    const { host: _, ...headers } = await sign(operation, text, new URL(simulator.url), change);
    const response = await fetch(`${simulator.url}/paapi5/${operation.toLowerCase()}`, {
      method: "POST",
      headers,
      body: change.sentBody ?? text,
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const control = async (path: string, body?: unknown) =>
    (
      await fetch(simulator.controlUrl + path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) })
    ).json();
  return { simulator, sign, call, control };
};

const ids = { ItemIds: ["B071HMM81V"] };

describe("the signature", () => {
  it("is accepted from a signer of AWS's own", async () => {
    const { call } = await start();
    const answer = await call("GetItems", ids);
    expect(answer.status).toBe(200);
    expect(answer.body.ItemsResult.Items[0]).toMatchObject({
      ASIN: "B071HMM81V",
      ItemInfo: { Title: { Locale: "de_DE" } },
    });
    expect(answer.headers.get("x-amzn-requestid")).toBeTruthy();
  });

  it.each<[string, Change, number, string]>([
    ["a wrong secret", { secret: "wrong" }, 401, "InvalidSignature"],
    ["another region than the shop's", { region: "us-east-1" }, 401, "InvalidSignature"],
    ["another service", { service: "execute-api" }, 401, "InvalidSignature"],
    ["an unknown key", { accessKey: "UNKNOWN" }, 401, "UnrecognizedClient"],
    ["a clock 16 minutes behind", { at: new Date(Date.now() - 16 * 60_000) }, 401, "RequestExpired"],
    ["a clock 16 minutes ahead", { at: new Date(Date.now() + 16 * 60_000) }, 401, "RequestExpired"],
    ["no authorization", { late: { authorization: "" } }, 400, "IncompleteSignature"],
    [
      "half an authorization",
      { late: { authorization: "AWS4-HMAC-SHA256 Credential=a/b" } },
      400,
      "IncompleteSignature",
    ],
    [
      "another target than the path",
      { headers: { "x-amz-target": "com.amazon.paapi5.v1.ProductAdvertisingAPIv1.SearchItems" } },
      404,
      "UnknownOperation",
    ],
    ["another content encoding", { headers: { "content-encoding": "utf-8" } }, 400, "InvalidParameterValue"],
    ["another content type", { headers: { "content-type": "application/json" } }, 400, "InvalidParameterValue"],
  ])("is refused with %s", async (_, change, status, code) => {
    const { call } = await start();
    const answer = await call("GetItems", ids, change);
    expect(answer).toMatchObject({ status, body: { Errors: [{ Code: code }] } });
  });

  it("covers every byte of the body: one space more is refused", async () => {
    const { call } = await start();
    const text = JSON.stringify({
      PartnerTag: LOCAL_PARTNER_TAGS[DE],
      PartnerType: "Associates",
      Marketplace: DE,
      ...ids,
    });
    expect((await call("GetItems", ids, { sentBody: `${text} ` })).body.Errors[0].Code).toBe("InvalidSignature");
    expect((await call("GetItems", ids, { sentBody: text })).status).toBe(200);
  });

  it("takes a clock that is 14 minutes off", async () => {
    const { call } = await start();
    expect((await call("GetItems", ids, { at: new Date(Date.now() - 14 * 60_000) })).status).toBe(200);
  });

  it("works over TLS with the given certificate, and the host header names the shop", async () => {
    const { simulator, sign } = await start();
    const url = new URL(simulator.tlsUrl ?? "");
    const text = JSON.stringify({
      PartnerTag: LOCAL_PARTNER_TAGS["www.amazon.co.jp"],
      PartnerType: "Associates",
      ...ids,
    });
    const headers = await sign("GetItems", text, new URL("https://webservices.amazon.co.jp"), { region: "us-west-2" });
    const body = await new Promise<string>((resolve, reject) => {
      const options = {
        port: url.port,
        method: "POST",
        path: "/paapi5/getitems",
        headers,
        ca: simulator.certificate,
        servername: "webservices.amazon.co.jp",
      };
      const request = httpsRequest({ host: "127.0.0.1", ...options }, async (response) => {
        let got = "";
        for await (const chunk of response) got += chunk;
        resolve(got);
      });
      request.on("error", reject);
      request.end(text);
    });
    expect(JSON.parse(body).ItemsResult.Items[0].DetailPageURL).toContain("www.amazon.co.jp");
  });
});

describe("the operations", () => {
  it.each([
    ["no PartnerTag", { ...ids, PartnerTag: undefined }, "MissingParameter", 400],
    ["another shop's tag", { ...ids, PartnerTag: LOCAL_PARTNER_TAGS["www.amazon.com"] }, "InvalidPartnerTag", 400],
    [
      "eleven ids",
      { ItemIds: Array.from({ length: 11 }, (_, at) => `B0000000${10 + at}`) },
      "InvalidParameterValue",
      400,
    ],
    ["camel-case resources", { ...ids, Resources: ["itemInfo.title"] }, "InvalidParameterValue", 400],
    ["a wrong language", { ...ids, LanguagesOfPreference: ["en"] }, "InvalidParameterValue", 400],
    ["another shop's language", { ...ids, LanguagesOfPreference: ["ja_JP"] }, "InvalidParameterValue", 400],
    ["a language nobody speaks", { ...ids, LanguagesOfPreference: ["xx_XX"] }, "InvalidParameterValue", 400],
    ["an unknown marketplace", { ...ids, Marketplace: "www.amazon.xx" }, "InvalidParameterValue", 400],
  ])("refuse %s", async (_, body, code, status) => {
    const { call } = await start();
    expect(await call("GetItems", body)).toMatchObject({ status, body: { Errors: [{ Code: code }] } });
  });

  it("answer 200 with nothing but Errors when every id is bad", async () => {
    const { call, control } = await start();
    await control("/behaviour", { not_found_asins: ["B071HMM81V"] });
    const { status, body } = await call("GetItems", { ItemIds: ["B071HMM81V", "bad"] });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["Errors"]);
    expect(body.Errors.map((error: { Code: string }) => error.Code)).toEqual([
      "ItemNotAccessible",
      "InvalidParameterValue",
    ]);
    expect(body.Errors[1].Message).toBe("The ItemId bad provided in the request is invalid.");
  });

  it("give both forms of offers, and the old one only until it goes dark", async () => {
    const { call, control } = await start();
    const Resources = ["Offers.Listings.Price", "Offers.Listings.Availability.Type", "OffersV2.Listings.Price"];
    const one = (await call("GetItems", { ...ids, Resources })).body.ItemsResult.Items[0];
    expect(one.Offers.Listings[0].Price.Amount).toBe(one.OffersV2.Listings[0].Price.Money.Amount);
    expect(one.Offers.Listings[0].Availability).toEqual({ Type: "Now" });
    await control("/behaviour", { offers_v1: false });
    const dark = (await call("GetItems", { ...ids, Resources })).body.ItemsResult.Items[0];
    expect(dark.Offers).toBeUndefined();
    expect(dark.OffersV2).toEqual(one.OffersV2);
  });

  it("answer NoResults for a product without variations and whole families otherwise", async () => {
    const { call } = await start();
    expect((await call("GetVariations", { ASIN: "059035342X" })).body.Errors[0].Code).toBe("NoResults");
    const { body } = await call("GetVariations", {
      ASIN: "B0ZABCDEF1",
      Resources: ["VariationSummary.VariationDimension"],
    });
    expect(body.VariationsResult.VariationSummary.VariationDimensions[1].Name).toBe("color_name");
    expect(body.VariationsResult.Items).toHaveLength(10);
  });

  it("answer searches and browse nodes", async () => {
    const { call } = await start();
    expect((await call("SearchItems", { Keywords: "lamp", ItemCount: 3 })).body.SearchResult.Items).toHaveLength(3);
    expect((await call("SearchItems", {})).body.Errors[0].Code).toBe("MissingParameter");
    expect((await call("GetBrowseNodes", { BrowseNodeIds: ["3045"] })).body.BrowseNodesResult.BrowseNodes[0].Id).toBe(
      "3045",
    );
  });
});

describe("limits and faults", () => {
  it("lets one call a second in; a wrongly signed one costs nothing", async () => {
    const { call, control } = await start({});
    expect((await call("GetItems", ids, { secret: "wrong" })).status).toBe(401);
    expect((await call("GetItems", ids)).status).toBe(200);
    const refused = await call("GetItems", ids);
    expect(refused).toMatchObject({ status: 429, body: { __type: "com.amazon.paapi5#TooManyRequestsException" } });
    expect(refused.headers.get("retry-after")).toBeNull();
    expect((await control("/calls")).by_status).toEqual({ 200: 1, 401: 1, 429: 1 });
  });

  it("breaks as the framework below it does", async () => {
    const { call, control } = await start();
    await control("/behaviour", { error_rate: 1 });
    const { status, body } = await call("GetItems", ids);
    expect(status).toBe(500);
    expect(body.__type).toBe("com.amazon.coral.service#InternalFailure");
    expect(body.Errors).toBeUndefined();
    await control("/behaviour", { error_rate: 0, invalid_associate: true });
    expect((await call("GetItems", ids)).body.Errors[0].Code).toBe("InvalidAssociate");
  });
});
