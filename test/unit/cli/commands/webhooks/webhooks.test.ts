import { expect, it } from "vitest";
import { NOON } from "../../../../helpers/rows.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli } = localHarness();
const at = { nowMs: NOON };
const time = new Date(NOON).toISOString();
const webhook = {
  ...{ webhook_id: "whk_0000000000000001", url: "https://example.com/hooks", events: ["catalog.completed"] },
  ...{ state: "on", off_reason: null, off_at: null, failing_since: null, previous_secret_until: null },
  ...{ created_at: time, updated_at: time },
};
const delivery = {
  ...{ delivery_id: "msg_00000000000000000000000001", event: "webhook.test", state: "delivered", attempts: 2 },
  log: [{ attempt: 2, at: time, duration_ms: 12, status: 204, error: null }],
  payload: { type: "webhook.test", timestamp: time, data: {} },
  ...{ created_at: time, finished_at: time },
};

it("webhooks add sends address and events, and prints the secret alone on stdout", async () => {
  const api = await start(() => ({ status: 201, body: { ...webhook, secret: "whsec_abc" } }));
  const args = ["webhooks", "add", webhook.url, "--events", "catalog.completed", "product.updated"];
  const { code, out, err } = await cli(args, at);
  expect([code, out]).toEqual([0, "whsec_abc\n"]);
  expect(err).toContain("shown this once");
  expect(api.calls()).toMatchObject([{ method: "POST", path: "/api/v1/webhooks" }]);
  expect((await cli(["webhooks", "add", webhook.url, "--events", "everything"], at)).code).toBe(2);
});

it("webhooks list says which are off, and why", async () => {
  const off = { ...webhook, state: "off", off_reason: "failing", off_at: time };
  await start(() => ({ status: 200, body: { items: [webhook, off] } }));
  const { out } = await cli(["webhooks", "list"], at);
  expect(out).toMatch(/whk_0000000000000001 +https:\/\/example\.com\/hooks +catalog\.completed +on$/m);
  expect(out).toMatch(/off \(failing\)$/m);
  expect(JSON.parse((await cli(["webhooks", "list", "--json"], at)).out)).toEqual({ items: [webhook, off] });
});

it("webhooks deliveries shows answers, and test, resend, rotate, off and remove call what they name", async () => {
  const api = await start(({ path, method }) => {
    if (path.endsWith("/deliveries")) return { status: 200, body: { items: [delivery], next_cursor: null } };
    if (path.endsWith("/secret")) {
      const body = { webhook_id: webhook.webhook_id, secret: "whsec_new", previous_secret_until: time };
      return { status: 201, body };
    }
    return method === "POST" ? { status: 202, body: delivery } : { status: 200, body: webhook };
  });
  const id = webhook.webhook_id;
  expect((await cli(["webhooks", "deliveries", id, "--state", "delivered"], at)).out).toMatch(
    /msg_00000000000000000000000001 +webhook\.test +delivered +204 +2/,
  );
  expect((await cli(["webhooks", "rotate", id, "--overlap", "2"], at)).out).toBe("whsec_new\n");
  for (const args of [
    ["test", id],
    ["resend", id, delivery.delivery_id],
    ["off", id],
    ["remove", id],
  ]) {
    expect((await cli(["webhooks", ...args], at)).code).toBe(0);
  }
  expect(api.calls().map(({ method, path }) => `${method} ${path.replace("/api/v1/webhooks", "")}`)).toEqual([
    `GET /${id}/deliveries`,
    `POST /${id}/secret`,
    `POST /${id}/test`,
    `POST /${id}/deliveries/${delivery.delivery_id}/resend`,
    `PATCH /${id}`,
    `DELETE /${id}`,
  ]);
});
