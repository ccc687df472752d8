import { expect, test } from "vitest";
import { mapPath } from "../../../../local/gateway/map-path.ts";

test("the live address is one path, with any query", () => {
  expect(mapPath("/live?ticket=a%2Fb", "abc")).toEqual({ kind: "live" });
  expect(mapPath("/live/other", "abc").kind).toBe("none");
});

test("an API path goes to the emulator's form of the HTTP API, byte for byte and with its query", () => {
  expect(mapPath("/api/v1/catalogs/a%2Fb/products?cursor=x%3D&limit=2", "abc")).toEqual({
    kind: "api",
    path: "/_aws/execute-api/abc/$default/api/v1/catalogs/a%2Fb/products?cursor=x%3D&limit=2",
  });
});

test("a path that only begins like the API is not sent there", () => {
  expect(mapPath("/api/v10/catalogs", "abc").kind).toBe("none");
  expect(mapPath("/apiv1", "abc").kind).toBe("none");
});

test("the root is the page, with or without a query", () => {
  expect(mapPath("/", "abc").kind).toBe("page");
  expect(mapPath("/?from=demo", "abc").kind).toBe("page");
});
