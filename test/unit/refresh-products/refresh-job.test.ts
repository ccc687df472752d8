import { describe, expect, it } from "vitest";
import { licenceBook } from "../../../lambdas/common/core/licences/licence-book.ts";
import { silentLog } from "../../helpers/silent.ts";
import { asins, FULL, fakeSource, sourceError, US } from "../common/sources/chain/fakes.ts";
import { REMAINING_MS, RefreshWorld } from "./refresh-world.ts";

const HOUR_MS = 3_600_000;
const [A = "", B = "", C = ""] = asins(3);
const KEY = "creators-api#me";

const jobOf = async (world: RefreshWorld) => {
  const [job, ...others] = await world.allJobs();
  expect(others).toEqual([]);
  if (!job) throw new Error("there is no job");
  return job;
};

describe("a job of the refresh", () => {
  it("fetches its products in one call, stores them and records each field of the job", async () => {
    const source = fakeSource({ id: "creators-api", reply: () => FULL });
    const world = new RefreshWorld([source]);
    for (const asin of [A, B, C]) await world.put(asin, 22.5);
    await world.plan();
    world.clock.advance(5_000);
    await world.serve();
    expect(source.asked.map((call) => call.asins.length)).toEqual([3]);
    const job = await jobOf(world);
    expect(job).toMatchObject({
      status: "success",
      retry_count: 0,
      error_code: null,
      error_message: null,
      skip_reason: null,
      circuit_breaker_state: "closed",
    });
    expect(job.products.map(({ outcome }) => outcome)).toEqual(["refreshed", "refreshed", "refreshed"]);
    expect(Date.parse(job.started_at ?? "")).toBeGreaterThan(Date.parse(job.scheduled_at));
    expect(Date.parse(job.completed_at ?? "")).toBeGreaterThanOrEqual(Date.parse(job.started_at ?? ""));
    expect(job.expires_at * 1_000 - Date.parse(job.scheduled_at)).toBeGreaterThanOrEqual(90 * 24 * HOUR_MS);
    expect(Date.parse((await world.product(A))?.last_refresh_at ?? "")).toBeGreaterThan(Date.parse(job.scheduled_at));
  });

  it("is skipped, and no product of it fails, when its shop is switched off after the plan", async () => {
    const source = fakeSource({ id: "creators-api", reply: () => FULL });
    const world = new RefreshWorld([source]);
    await world.put(A, 22.5);
    await world.plan();
    const descriptor = { ...source.descriptor, marketplaces: [] };
    world.sources = [{ ...source, descriptor, switchedOff: [US] }];
    await world.serve();
    expect(source.asked).toEqual([]);
    expect(await jobOf(world)).toMatchObject({
      ...{ status: "skipped", skip_reason: "marketplace_disabled", error_code: null },
      products: [{ asin: A, outcome: "skipped" }],
    });
  });

  it("asks once however often its message is delivered, and not for what was fetched since", async () => {
    const source = fakeSource({ id: "creators-api", reply: () => FULL });
    const world = new RefreshWorld([source]);
    await world.put(A, 22.5);
    await world.put(B, 22.5);
    await world.plan();
    await world.put(B, 0);
    world.messages.push(...world.messages, ...world.messages);
    await world.serve();
    expect(source.asked).toEqual([expect.objectContaining({ asins: [A] })]);
    const { products, status } = await jobOf(world);
    expect(status).toBe("success");
    expect(products.map(({ asin, outcome }) => [asin, outcome]).toSorted()).toEqual([
      [A, "refreshed"],
      [B, "fresh"],
    ]);
  });

  it("is continued by another delivery when its worker died before it recorded, and asks for nothing twice", async () => {
    const source = fakeSource({ id: "creators-api", reply: () => FULL });
    const world = new RefreshWorld([source]);
    await world.put(A, 22.5);
    await world.plan();
    const [sent] = world.messages;
    const dying = {
      ...world.deps.jobs,
      claim: world.jobs.claim.bind(world.jobs),
      replace: () => new Promise<boolean>(() => {}),
    };
    void world.serve({ ...world.deps, jobs: dying });
    while ((await world.product(A))?.last_refresh_at === undefined || source.asked.length === 0)
      await Promise.resolve();
    for (let ticks = 0; ticks < 200; ticks += 1) await Promise.resolve();
    if (sent) world.messages.push(sent);
    await expect(world.serve()).rejects.toThrow("another worker holds the job");
    world.clock.advance(REMAINING_MS + 5_001);
    if (sent) world.messages.push(sent);
    await world.serve();
    expect(source.asked).toHaveLength(1);
    expect((await jobOf(world)).products).toMatchObject([{ outcome: "fresh" }]);
  });

  it("makes a product unavailable that the shop has no more, and active again when it comes back; an outage changes nothing", async () => {
    let reply: typeof FULL | string = "NotFound";
    let isOut = false;
    const fail = () => (isOut ? sourceError("creators-api", "retriable", "Flaky") : undefined);
    const world = new RefreshWorld([fakeSource({ id: "creators-api", reply: () => reply, fail })]);
    const put = await world.put(A, 22.5);
    await world.plan();
    await world.serve();
    expect((await jobOf(world)).products).toMatchObject([{ outcome: "unavailable", changed: ["status"] }]);
    expect(await world.product(A)).toMatchObject({ status: "unavailable", last_refresh_at: put.last_refresh_at });
    // What it was is as old as it was, and still nobody asks again before a day has passed.
    world.clock.advance(2 * HOUR_MS);
    expect(await world.plan("person")).toMatchObject({ jobs: 0 });

    reply = FULL;
    isOut = true;
    world.clock.advance(23 * HOUR_MS);
    await world.plan("person");
    await world.serve();
    const failed = (await world.allJobs()).at(-1);
    // The first attempt and three more, 1, 2 and 4 s later.
    expect(failed).toMatchObject({ status: "failed", error_code: "Flaky", retry_count: 3 });
    expect(failed?.error_message).toContain("Flaky");
    expect(await world.product(A)).toMatchObject({ status: "unavailable" });

    isOut = false;
    world.clock.advance(HOUR_MS);
    await world.plan("person");
    await world.serve();
    expect(await world.product(A)).toMatchObject({ status: "active" });
  });

  it("keeps an active product active through an outage of days", async () => {
    const fail = () => sourceError("creators-api", "retriable", "Flaky");
    const world = new RefreshWorld([fakeSource({ id: "creators-api", fail })]);
    await world.put(A, 22.5);
    for (let hour = 0; hour < 3; hour += 1) {
      await world.plan();
      await world.serve();
      world.clock.advance(HOUR_MS);
    }
    // What has ended and failed rests before it is tried again.
    expect((await world.allJobs()).map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(await world.product(A)).toMatchObject({ status: "active", current_price: null });
  });

  it("is skipped when the breaker opened since the plan, without a call", async () => {
    const source = fakeSource({ id: "creators-api", reply: () => FULL });
    const world = new RefreshWorld([source]);
    await world.put(A, 22.5);
    await world.plan();
    world.limiter.refuse(KEY, "circuit-open", world.clock.now() + 300_000);
    await world.serve();
    expect(source.asked).toEqual([]);
    expect(await jobOf(world)).toMatchObject({ status: "skipped", skip_reason: "circuit_open" });
    expect((await world.product(A))?.status).toBe("active");
  });

  it("comes back within its hour when others take every slot, and is skipped after it", async () => {
    const source = fakeSource({ id: "creators-api", reply: () => FULL });
    const world = new RefreshWorld([source]);
    await world.put(A, 22.5);
    await world.plan();
    world.limiter.refuse(KEY, "rate", world.clock.now() + HOUR_MS, true);
    await world.serve();
    expect(await jobOf(world)).toMatchObject({ status: "pending", generation: 2, retry_count: 1 });
    expect(world.messages).toMatchObject([{ delaySeconds: 300, message: { generation: 2 } }]);
    world.limiter.refusals.clear();
    world.clock.advance(300_000);
    await world.serve();
    expect(source.asked).toHaveLength(1);
    expect(await jobOf(world)).toMatchObject({ status: "success", retry_count: 1 });

    await world.put(B, 22.5);
    world.clock.advance(HOUR_MS);
    await world.plan();
    world.clock.advance(HOUR_MS);
    await world.serve();
    expect((await world.allJobs()).at(-1)).toMatchObject({
      status: "skipped",
      skip_reason: "not_served_in_its_hour",
      completed_at: expect.any(String),
    });
  });

  it("notes a change of price only where the licence lets it compare, and never logs a value", async () => {
    const reply = () => ({ ...FULL, current_price: "12.00" });
    const history = "Jo Doe of Amazon agreed to price history on 2026-11-02.";
    const logged: string[] = [];
    const changedUnder = async (licences: ReturnType<typeof licenceBook>) => {
      const world = new RefreshWorld([fakeSource({ id: "creators-api", reply })], licences);
      await world.put(A, 22.5);
      await world.plan();
      const log = { ...silentLog, info: (...line: unknown[]) => void logged.push(JSON.stringify(line)) };
      await world.serve({ ...world.deps, log });
      const demand = await world.demand.read([`www.amazon.com#${A}`], world.clock.now());
      return { ...(await jobOf(world)).products[0], ...demand.get(`www.amazon.com#${A}`) };
    };
    expect(await changedUnder(licenceBook())).toMatchObject({ changed: [], changesPerDay: 0 });
    expect(logged).toEqual([]);
    const learned = await changedUnder(licenceBook({ "creators-api": { history } }));
    expect(learned.changed).toEqual(["price"]);
    expect(learned.changesPerDay).toBeGreaterThan(0);
    expect(logged.join()).toContain(A);
    expect(logged.join()).not.toContain("12.00");
  });
});
