import { describe, expect, it } from "vitest";
import { writeKeysOut } from "../../lib/bundling/lean-sdk.ts";

describe("writing the keys of an SDK schema file out", () => {
  it("puts the text of a constant where it names a key", () => {
    const source = 'const _h = "http";\nconst _xR = "x-amz-request-id";\nvar A = [9, { [_h]: 1, [_xR]: 2 }];';
    expect(writeKeysOut(source)).toContain('var A = [9, { "http": 1, "x-amz-request-id": 2 }];');
  });

  it("leaves every other name as it is: values, lists, and keys that it does not know the text of", () => {
    const source = 'const _h = "http";\nconst _n = 3;\nvar A = [_h, [_h], { [_n]: _h, [_other]: 1, plain: 2 }];';
    expect(writeKeysOut(source)).toBe(source);
  });
});
