import { describe, expect, it } from "vitest";
import { MAX_URL_LENGTH, urlProblem } from "../../../../../lambdas/common/core/webhooks/webhook-url.ts";

describe("the address of an endpoint", () => {
  it.each(["https://example.com", "https://example.com:8443/a?b=c", "https://8.8.8.8/", "https://[2606:4700::1]/x"])(
    "may be %s",
    (url) => expect(urlProblem(url, [])).toBeUndefined(),
  );

  it.each([
    ["http://example.com", "must begin with https://"],
    ["ftp://example.com", "must begin with https://"],
    ["example.com", "must be a whole address, such as https://example.com/hooks"],
    ["https://u:p@example.com", "must carry no user name or password: the signature proves who sends"],
    ["https://example.com/#part", "must end before its #: no server sees what follows"],
    ["https://example.com:25/", "must name port 443, or one from 1024 on"],
    ["https://127.0.0.1/", "must lead to the public internet"],
    ["https://[::1]/", "must lead to the public internet"],
    ["https://[fd00:ec2::254]/", "must lead to the public internet"],
    [`https://example.com/${"a".repeat(MAX_URL_LENGTH)}`, `must have at most ${MAX_URL_LENGTH} characters`],
  ])("may not be %s", (url, problem) => expect(urlProblem(url, [])).toBe(problem));

  it("may be of the machine itself and without TLS where the stage allows that address, and that one only", () => {
    expect(urlProblem("http://127.0.0.1:9000/", ["127.0.0.1"])).toBeUndefined();
    expect(urlProblem("http://[::1]:9000/", ["::1"])).toBeUndefined();
    expect(urlProblem("http://127.0.0.2:9000/", ["127.0.0.1"])).toBe("must begin with https://");
    expect(urlProblem("https://127.0.0.2:9000/", ["127.0.0.1"])).toBe("must lead to the public internet");
    expect(urlProblem("http://localhost:9000/", ["127.0.0.1"])).toBe("must begin with https://");
  });
});
