import { expect, test } from "vitest";
import { mapPath } from "../../../../local/gateway/map-path.ts";

const IDS = { http: "abc", webSocket: "xyz" };

test("the live address goes to the emulator's form of the WebSocket API, with its query", () => {
  expect(mapPath("/live?ticket=a%2Fb", IDS)).toEqual({
    kind: "live",
    path: "/_aws/execute-api/xyz/live?ticket=a%2Fb",
  });
  expect(mapPath("/live/other", IDS).kind).toBe("none");
});

test("an API path goes to the emulator's form of the HTTP API, byte for byte and with its query", () => {
  expect(mapPath("/api/v1/catalogs/a%2Fb/products?cursor=x%3D&limit=2", IDS)).toEqual({
    kind: "api",
    path: "/_aws/execute-api/abc/$default/api/v1/catalogs/a%2Fb/products?cursor=x%3D&limit=2",
  });
});

test("a path that only begins like the API is not sent there", () => {
  expect(mapPath("/api/v10/catalogs", IDS).kind).toBe("none");
  expect(mapPath("/apiv1", IDS).kind).toBe("none");
});

test("the root is the page, with or without a query", () => {
  expect(mapPath("/", IDS).kind).toBe("page");
  expect(mapPath("/?from=demo", IDS).kind).toBe("page");
});
