import { describe, expect, it } from "vitest";
import { readRequest } from "../../../lambdas/accept-requests/request-message.ts";
import { message, RequestWorld, request } from "./request-world.ts";

describe("foreign text", () => {
  it.each([String.raw`half\ud83d`, "half\ud83d"])("is stored well-formed: %j", async (id) => {
    const world = new RequestWorld();
    await world.deliver(message(request(1)).replace("corr-sender", id));
    expect(world.rows("run")).toEqual([expect.objectContaining({ correlation_id: "half\ufffd" })]);
    expect(world.products().map((product) => product.request.correlation_id)).toEqual(["half\ufffd"]);
  });

  it("with half of a character is refused where nobody repaired it", () => {
    const detail = { correlation_id: "half\ud83d", data: request(1) };
    expect(readRequest({ detail })).toMatchObject({
      ...{ kind: "refused", reason: "correlation_id: must not hold half of a character" },
    });
  });

  it.each([
    ["region", { region: "x".repeat(200_000) }],
    ["include", { include: Array.from({ length: 20_000 }, () => "y") }],
  ])("is quoted shortly in the answer and the log: %s", async (_, fields) => {
    const world = new RequestWorld();
    await world.deliver(message(request(1, fields), "m-long"));
    const [answer] = world.published;
    const words = answer && "error_message" in answer.data ? answer.data.error_message : "";
    expect(words).not.toBe("");
    expect(Buffer.byteLength(words)).toBeLessThanOrEqual(2_048);
    expect(Buffer.byteLength(JSON.stringify([answer, world.logged]))).toBeLessThan(8_000);
  });
});
