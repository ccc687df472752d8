import { expect, it } from "vitest";
import { errorStack, errorWords } from "../../../../lambdas/common/core/error-words.ts";
import { TransientError, ValidationError } from "../../../../lambdas/common/core/errors.ts";
import { SourceError } from "../../../../lambdas/common/core/sources/source-error.ts";

it("errors in the log have their name and message, and what quotes others has words of our own", () => {
  expect(errorWords(new ValidationError("the field is odd"))).toBe("ValidationError: the field is odd");
  expect(errorWords(new TypeError("x is no function"))).toBe("TypeError: x is no function");
  expect(errorWords("odd")).toBe("odd");
  const quoting = new TransientError("keepa: no such lamp", { logWords: "circuit-open" });
  expect([quoting.message, errorWords(quoting)]).toEqual(["keepa: no such lamp", "TransientError: circuit-open"]);
  const source = { code: "InvalidKey", status: 400, failureClass: "critical", message: "no such lamp" } as const;
  expect(errorWords(new SourceError("keepa", source))).toBe("SourceError: keepa answered InvalidKey");
  expect(errorWords(new SyntaxError('"lamp" is not valid JSON'))).toBe("SyntaxError: the text cannot be parsed");
});

it("the stack has the places in the code below the same words, however many lines the message has", () => {
  const [first, ...places] = errorStack(new SyntaxError("a\nlamp\n    at lamp (odd:1)")).split("\n");
  expect(first).toBe("SyntaxError: the text cannot be parsed");
  expect(places.length).toBeGreaterThan(0);
  for (const place of places) expect(place).toMatch(/^ +at /);
  expect(places.join()).not.toContain("lamp");
});
