import { describe, expect, it } from "vitest";
import {
  ConfigError,
  ConflictError,
  DuplicateError,
  ForbiddenError,
  NotFoundError,
  StaleWriteError,
  TransientError,
  ValidationError,
} from "../../../../lambdas/common/core/errors.ts";
import { UploadGoneError } from "../../../../lambdas/common/core/exports/upload-gone-error.ts";
import { ProblemError } from "../../../../lambdas/common/platform/http/problems/problem-error.ts";
import { UnauthorizedError } from "../../../../lambdas/common/platform/http/problems/unauthorized-error.ts";

const PLAIN = [
  ConfigError,
  ConflictError,
  DuplicateError,
  ForbiddenError,
  NotFoundError,
  StaleWriteError,
  TransientError,
  UnauthorizedError,
  ValidationError,
];

describe("errors", () => {
  it.each(PLAIN)("of the class %o carry its name as text, for bundling shortens the class's own", (Class) => {
    expect(Object.entries(new Class("it broke"))).toContainEqual(["name", Class.name]);
  });

  it("with arguments of their own carry theirs too", () => {
    expect(new ProblemError("it broke", {}, {}).name).toBe(ProblemError.name);
    expect(new UploadGoneError("it broke").name).toBe(UploadGoneError.name);
  });
});
