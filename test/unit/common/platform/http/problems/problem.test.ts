import { describe, expect, it } from "vitest";
import {
  ConflictError,
  ForbiddenError,
  NotFoundError,
  StaleWriteError,
  TransientError,
  ValidationError,
} from "../../../../../../lambdas/common/core/errors.ts";
import { createHttpApp } from "../../../../../../lambdas/common/platform/http/http-app.ts";
import { toProblem } from "../../../../../../lambdas/common/platform/http/problems/problem.ts";
import { UnauthorizedError } from "../../../../../../lambdas/common/platform/http/problems/unauthorized-error.ts";

describe("toProblem", () => {
  it.each([
    [new ValidationError("bad"), 400, "invalid_request"],
    [new ValidationError("big", { status: 413, code: "too_large" }), 413, "too_large"],
    [new UnauthorizedError("who"), 401, "unauthorized"],
    [new ForbiddenError("no"), 403, "forbidden"],
    [new NotFoundError("none"), 404, "not_found"],
    [new ConflictError("busy", "run_active"), 409, "run_active"],
    [new StaleWriteError("moved"), 503, "stale_write"],
    [new TransientError("slow"), 503, "unavailable"],
    [new Error("a bug"), 500, "internal_error"],
    ["not even an error", 500, "internal_error"],
  ])("answers %s with %i %s", (error, status, code) => {
    const { body } = toProblem(error, "c-1");
    expect(body).toMatchObject({ status, code, type: `urn:enrichline:problem:${code}`, correlation_id: "c-1" });
    expect(body.title).not.toBe("Error");
  });

  it("says when to come back", () => {
    expect(toProblem(new TransientError("x", { retryAfterSeconds: 17 }), "c").headers).toEqual({ "retry-after": "17" });
  });

  it("shows nothing of an error that nobody meant to show", () => {
    expect(JSON.stringify(toProblem(new Error("password hunter2"), "c").body)).not.toContain("hunter2");
  });
});

it("an unhandled error is a 500 without details, and one log line with the stack", async () => {
  const lines: { level: string; extra: Record<string, unknown> }[] = [];
  const log = (level: string) => (_: string, extra: Record<string, unknown>) => {
    lines.push({ level, extra });
  };
  const app = createHttpApp({
    logger: { info: log("info"), warn: log("warn"), error: log("error") },
    now: () => 0,
    newCorrelationId: () => "new-correlation",
  });
  app.get("/api/v1/boom", () => {
    throw new Error("inside story");
  });
  const response = await app.request("/api/v1/boom");
  expect(response.status).toBe(500);
  expect(response.headers.get("x-correlation-id")).toBe("new-correlation");
  expect(await response.text()).not.toContain("inside story");
  const [error] = lines.filter(({ level }) => level === "error");
  expect(error?.extra).toMatchObject({
    error: expect.stringMatching(/^Error: inside story\n +at .*problem\.test/),
    correlation_id: "new-correlation",
  });
});
