import { describe, expect, it } from "vitest";
import { routeOf } from "../../../../local/web-sockets/read-routes.ts";

describe("the route of a message", () => {
  const routes = {
    selection: "$request.body.action",
    functions: new Map([
      ["$default", "a"],
      ["ping", "b"],
    ]),
  };
  it.each([
    ['{"action":"ping"}', "ping"],
    ['{"action":"dance"}', "$default"],
    ['{"action":7}', "$default"],
    ['{"other":"ping"}', "$default"],
    ["null", "$default"],
    ["nonsense", "$default"],
    ["", "$default"],
  ])("of %s is %s", (text, route) => {
    expect(routeOf(routes, text)).toBe(route);
  });

  it("may be chosen by a part further down", () => {
    expect(routeOf({ ...routes, selection: "$request.body.what.to" }, '{"what":{"to":"ping"}}')).toBe("ping");
  });
});
