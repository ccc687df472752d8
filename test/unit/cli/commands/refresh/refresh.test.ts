import { expect, it } from "vitest";
import { NOON } from "../../../../helpers/rows.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli } = localHarness();
const at = { nowMs: NOON };
const time = (minutes: number): string => new Date(NOON + minutes * 60_000).toISOString();
const forecast = {
  products: 120_000,
  per_day: 86_400,
  will_expire: { count: 33_600, first_at: time(120) },
  advice: [{ change: "With 24 more Keepa tokens a minute.", will_expire: 0 }],
  as_of: time(-60),
  read_share: 0.5,
};

it("refresh forecast says what will end, what would keep it, and how much was counted", async () => {
  const api = await start(() => ({ status: 200, body: forecast }));
  const { code, out, err } = await cli(["refresh", "forecast"], at);
  expect(code).toBe(0);
  expect(api.calls()).toMatchObject([{ path: "/api/v1/refresh/forecast" }]);
  expect(out).toContain("33,600 have ended or will before they can be fetched again");
  expect(out).toContain("With 24 more Keepa tokens a minute. None would end.");
  expect(err).toContain("12 of 24 parts");
  expect(JSON.parse((await cli(["refresh", "forecast", "--json"], at)).out)).toEqual(forecast);
});

it("refresh forecast points to a plan when nothing was counted yet", async () => {
  const none = { ...forecast, products: 0, will_expire: { count: 0, first_at: null }, advice: [], as_of: null };
  await start(() => ({ status: 200, body: none }));
  expect((await cli(["refresh", "forecast"], at)).out).toContain("enrichline refresh run");
});

it("refresh jobs lists calls with their outcomes, and refresh run asks for a plan", async () => {
  const job = {
    ...{ refresh_date: "2026-08-01", job_id: "2026-08-01T11-0001", marketplace: "www.amazon.de", status: "skipped" },
    products: ["B08DQQ8CBP", "B0CR7G9V56"].map((asin) => ({ asin, outcome: "skipped", error_code: null, changed: [] })),
    ...{ scheduled_at: time(-60), started_at: null, completed_at: time(-59), retry_count: 0, error_code: null },
    ...{ error_message: null, circuit_breaker_state: "open", skip_reason: "circuit_open" },
  };
  const api = await start(({ path }) =>
    path.endsWith("/run")
      ? { status: 202, body: { message: "planned", requested_at: time(0) } }
      : { status: 200, body: { items: [job], next_cursor: "next" } },
  );
  const { out, err } = await cli(["refresh", "jobs", "--status", "skipped", "--date", "2026-08-01"], at);
  expect(api.calls()).toMatchObject([{ query: { status: "skipped", date: "2026-08-01", limit: "50" } }]);
  expect(out).toMatch(/^2026-08-01T11-0001 +skipped +www\.amazon\.de +2 skipped .* open +circuit_open$/m);
  expect(err).toContain("--cursor next");
  expect((await cli(["refresh", "jobs", "--status", "lost"], at)).code).toBe(2);
  expect((await cli(["refresh", "run"], { ...at, env: { ENRICHLINE_USER: "demo" } })).code).toBe(0);
  expect(api.calls().at(-1)).toMatchObject({ method: "POST", path: "/api/v1/refresh/run" });
});
