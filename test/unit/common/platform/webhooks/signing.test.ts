import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { newWebhookSecret } from "../../../../../lambdas/common/platform/webhooks/new-webhook-secret.ts";
import { signedHeaders } from "../../../../../lambdas/common/platform/webhooks/signing.ts";

const message = (body: string) => ({ id: "msg_1", atMs: Date.now(), body });

describe("a signed message", () => {
  it("is taken by the library with either of two secrets, and with no other one", () =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const [one, two, third] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
        const body = JSON.stringify({ value });
        const headers = signedHeaders([one, two], message(body));
        expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
        for (const secret of [one, two]) {
          expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
        }
        expect(() => new Webhook(third).verify(body, { ...headers })).toThrow("No matching signature");
        expect(() => new Webhook(one).verify(`${body} `, { ...headers })).toThrow("No matching signature");
      }),
      { numRuns: 20 },
    ));

  it("carries one signature while there is one secret", () => {
    const headers = signedHeaders([newWebhookSecret()], message("{}"));
    expect(headers["webhook-signature"]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(headers["webhook-id"]).toBe("msg_1");
  });
});
