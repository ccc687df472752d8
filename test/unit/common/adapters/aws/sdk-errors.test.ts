import { describe, expect, it } from "vitest";
import { sdkErrorName, translateSdkError } from "../../../../../lambdas/common/adapters/aws/sdk-errors.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

describe("SDK errors", () => {
  it.each([
    ["a name that means throttling", Object.assign(new Error("x"), { name: "ThrottlingException" })],
    ["a network code", Object.assign(new Error("x"), { code: "ECONNRESET" })],
    ["a status of the service's own fault", Object.assign(new Error("x"), { $metadata: { httpStatusCode: 503 } })],
  ])("may pass when they have %s", (_what, error) => {
    expect(translateSdkError(error, "reading")).toBeInstanceOf(TransientError);
  });

  it("stay themselves when no retry helps", () => {
    const error = new Error("denied");
    expect(translateSdkError(error, "reading")).toBe(error);
    expect(translateSdkError("odd", "reading").message).toBe("reading failed: odd");
    expect(sdkErrorName(null)).toBe("");
  });
});
