import { describe, expect, it } from "vitest";
import { MARKETPLACES } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { languagesIn } from "../../../../local/upstreams/paapi/languages.ts";
import { parsePaapiRequest } from "../../../../local/upstreams/paapi/requests.ts";
import { apiLocaleOf } from "../../../../local/upstreams/shared/products/shop-language.ts";
import { ReplyError } from "../../../../local/upstreams/shared/server/reply.ts";

const ask = (place: (typeof MARKETPLACES)[number], language: string): unknown =>
  parsePaapiRequest(
    "GetItems",
    { PartnerTag: "t-20", PartnerType: "Associates", ItemIds: ["B000000001"], LanguagesOfPreference: [language] },
    place,
  );

const refusal = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    if (error instanceof ReplyError) return error.reply;
    throw error;
  }
  return undefined;
};

describe("PA-API's languages", () => {
  it.each(MARKETPLACES)("of $code are taken, another is refused in PA-API's words", (place) => {
    const languages = languagesIn(place);
    expect(languages.length).toBeGreaterThan(0);
    for (const language of languages) expect(ask(place, language)).toMatchObject({ operation: "GetItems" });
    expect(refusal(() => ask(place, "xx_XX"))).toMatchObject({
      status: 400,
      body: {
        __type: "com.amazon.paapi5#ValidationException",
        Errors: [
          {
            Code: "InvalidParameterValue",
            Message: expect.stringMatching(/^The value xx_XX .* LanguagesOfPreference is invalid\. .*#valid-languages/),
          },
        ],
      },
    });
  });

  it("have the language in which the shop's simulator answers, but where all of Arabia shares one", () => {
    const others = MARKETPLACES.filter((place) => !languagesIn(place).includes(apiLocaleOf(place)));
    expect(others.map(({ country }) => country).toSorted()).toEqual(["EG", "SA"]);
  });
});
