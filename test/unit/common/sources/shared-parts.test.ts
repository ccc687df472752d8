import { describe, expect, it } from "vitest";
import { accountFor } from "../../../../lambdas/common/sources/calling/account-for.ts";
import { readRetryAfterMs } from "../../../../lambdas/common/sources/calling/call-upstream.ts";
import { htmlText } from "../../../../lambdas/common/sources/reading/html-text.ts";

const missing = (asin: string) => ({ asin, code: "Gone", message: "gone" });
const product = (asin: string, title = asin) => ({ asin, fields: { title } });

describe("accounting for ids", () => {
  it("puts every id into products or failures exactly once, in the order asked", () => {
    const answered = {
      products: [product("C"), product("X"), product("A"), product("A", "second")],
      failures: [
        { asin: "B", code: "Bad", message: "b" },
        { asin: "A", code: "Bad", message: "a" },
      ],
    };
    const { products, failures } = accountFor(["A", "B", "C", "D", "A"], answered, missing);
    expect(products).toEqual([product("A"), product("C")]);
    expect(failures.map(({ asin, code }) => [asin, code])).toEqual([
      ["B", "Bad"],
      ["D", "Gone"],
    ]);
  });

  it("gives a failure without an id to the ids left over", () => {
    const failures = [
      { asin: "", code: "Odd", message: "?" },
      { asin: "B", code: "Bad", message: "b" },
    ];
    const accounted = accountFor(["A", "B", "C"], { products: [product("A")], failures }, missing);
    expect(accounted.failures.map(({ asin, code }) => [asin, code])).toEqual([
      ["B", "Bad"],
      ["C", "Odd"],
    ]);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  it.each([
    ["3", 3000],
    ["0.5", 500],
    ["Mon, 23 Nov 2026 12:00:10 GMT", 10_000],
    ["Mon, 23 Nov 2026 11:00:00 GMT", 0],
    ["soon", undefined],
  ])("of %s is %s ms", (value, ms) => expect(readRetryAfterMs(new Headers({ "retry-after": value }), now)).toBe(ms));

  it("may be absent", () => expect(readRetryAfterMs(new Headers(), now)).toBeUndefined());
});

describe("text of HTML", () => {
  it.each([
    ["a<br>b<br/>c", "a\nb\nc"],
    ["<p>a &amp; b</p><p>c</p>", "a & b\nc"],
    ["<style>p{}</style><script>x</script>", null],
    ["  plain   text ", "plain text"],
    ["", null],
  ])("of %j is %j", (html, text) => expect(htmlText(html)).toBe(text));
});
