import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import type { WorkTogether } from "../../../../../lambdas/common/platform/sqs/consumer.ts";
import type { RawRecord } from "../../../../../lambdas/common/platform/sqs/queue-record.ts";
import { Mortal } from "../../../../helpers/mortal.ts";
import { context, failing, groups, type Message, names, record, together, World } from "./batch-world.ts";

describe.each([1, 10])("a batch of %i records", (size) => {
  const records = names.slice(0, size).map((name) => record(name));
  const ids = records.map(({ messageId }) => messageId);

  it("is done when its work is", async () => {
    for (const work of [failing({}), groups({})]) {
      const world = new World();
      expect(await world.deliver(work, records)).toEqual([]);
      // Nothing is deleted ahead of the response when nothing is suspect.
      expect(world.events).toEqual(["flushed"]);
    }
  });

  it("comes back whole when all of it fails, each record after its own time", async () => {
    const failures = Object.fromEntries(names.map((name) => [name, new TransientError("slow")]));
    for (const work of [failing(failures), groups(failures)]) {
      const world = new World();
      expect(await world.deliver(work, records)).toEqual(ids);
      expect(world.queueEvents).toEqual(records.map(({ receiptHandle }) => `${receiptHandle} back after 100`));
      expect(world.events.slice(-2)).toEqual([`RecordFailed ${size}`, "flushed"]);
    }
  });

  it("comes back whole when nothing of it is readable, after 3 s, and no work is called", async () => {
    const world = new World();
    const worked: string[] = [];
    const bad = names
      .slice(0, size)
      .map((name, n) => record(name, { body: n % 2 ? "{" : { version: 2 }, receives: 4 }));
    expect(await world.deliver(failing({}, worked), bad)).toEqual(ids);
    expect(worked).toEqual([]);
    expect(world.queueEvents).toEqual(bad.map(({ receiptHandle }) => `${receiptHandle} back after 3`));
    expect(world.events.filter((event) => event === "RecordInvalid 1")).toHaveLength(size);
    expect(world.events).toContain(`RecordFailed ${size}`);
  });
});

describe("one bad record", () => {
  it.each([0, 4, 9])("at place %i fails alone, whatever the others are", async (place) => {
    for (const failure of [new TransientError("slow"), new Error("a bug")]) {
      const order = [...names.slice(place), ...names.slice(0, place)];
      for (const make of [failing, groups]) {
        const world = new World();
        expect(
          await world.deliver(
            make({ n0: failure }),
            order.map((name) => record(name)),
          ),
        ).toEqual(["m-n0"]);
        expect(world.queueEvents).toEqual(["r-n0 back after 100"]);
      }
    }
  });

  it("is logged with its ids: a fault that passes in words, an unexpected one with its stack", async () => {
    const world = new World();
    const failures = {
      n0: new TransientError("Lamp, 3.99", { logWords: "the table is away" }),
      n1: new Error("a bug"),
      n2: "no error at all",
    };
    const correlation_id = "corr-1";
    await world.deliver(failing(failures), [
      ...["n0", "n1", "n2"].map((name) => record(name, { body: { correlation_id } })),
      record("n3", { body: '{"secret":"value"}' }),
    ]);
    const byId = (id: string) => world.lines.find(({ fields }) => fields.message_id === id);
    const error = "TransientError: the table is away";
    expect(byId("m-n0")).toMatchObject({ level: "warn", fields: { correlation_id, error } });
    expect(byId("m-n1")).toMatchObject({
      level: "error",
      fields: { correlation_id, name: "n1", error: expect.stringMatching(/Error: a bug\n +at /) },
    });
    expect(byId("m-n2")).toMatchObject({ level: "error", fields: { correlation_id, error: "no error at all" } });
    expect(byId("m-n3")?.level).toBe("error");
    expect(JSON.stringify(world.lines)).not.toMatch(/secret|Lamp/);
    expect(world.carried).toEqual(Array.from({ length: 3 }, () => ({ correlation_id })));
  });

  it("comes back when its error says", async () => {
    const world = new World();
    await world.deliver(failing({ n0: new TransientError("leased", { retryAfterSeconds: 65 }) }), [record("n0")]);
    expect(world.queueEvents).toEqual(["r-n0 back after 65"]);
  });
});

describe("records that are worked on together", () => {
  it("are leased by another worker: they come back when the lease is over", async () => {
    const world = new World();
    const work = together(async (records) => ({
      failed: [],
      leased: records.slice(0, 1).map((one) => ({ record: one, seconds: 41 })),
    }));
    expect(
      await world.deliver(
        work,
        names.map((name) => record(name)),
      ),
    ).toEqual(["m-n0"]);
    expect(world.queueEvents).toEqual(["r-n0 back after 41"]);
    expect(world.events).toContain("RecordFailed 1");
  });

  it("all come back when the work throws", async () => {
    const world = new World();
    const work = together(() => Promise.reject(new Error("a bug")));
    const records = names.map((name, n) => record(name, { receives: 1 + (n % 2) }));
    expect(await world.deliver(work, records)).toHaveLength(10);
    expect(world.queueEvents).toEqual(names.map((name, n) => `r-${name} back after ${n % 2 ? 200 : 100}`));
  });

  it("carry the ids of all requests on every line meanwhile", async () => {
    const world = new World();
    const of = (name: string, correlation_id: string) => record(name, { body: { correlation_id } });
    await world.deliver(groups({}), [of("n0", "corr-2"), of("n1", "corr-1"), of("n2", "corr-2")]);
    expect(world.carried).toEqual([{ correlation_id: ["corr-1", "corr-2"] }]);
  });
});

describe("a record that was received three times", () => {
  const records = [record("n0", { receives: 3 }), record("n1"), record("n2", { receives: 7 }), record("n3")];

  it("runs last and alone, after everything that is done was deleted", async () => {
    const world = new World();
    const worked: string[][] = [];
    expect(await world.deliver(groups({}, worked), records)).toEqual([]);
    expect(worked).toEqual([["n1", "n3"], ["n0"], ["n2"]]);
    // Not twice, and not what failed.
    expect(world.queueEvents).toEqual(["removed r-n1 r-n3", "removed r-n0"]);
  });

  it("runs last also where records are worked on one by one", async () => {
    const world = new World();
    const worked: string[] = [];
    await world.deliver(failing({ n1: new Error("a bug") }, worked), records);
    expect(worked).toEqual(["n1", "n3", "n0", "n2"]);
    expect(world.queueEvents).toEqual(["r-n1 back after 100", "removed r-n3", "removed r-n0"]);
  });

  it("takes only itself along when it takes the process down", async () => {
    const world = new World();
    const process = new Mortal();
    const work = together(async (group) => {
      if (group.some(({ message }) => message.name === "n0")) {
        process.kill();
        return new Promise(() => undefined);
      }
      return { failed: [], leased: [] };
    });
    const answer = world.handler(work)({ Records: records }, context);
    expect(await Promise.race([answer, process.died])).toBe("died");
    expect(world.queueEvents).toEqual(["removed r-n1 r-n3"]);
  });

  it("does not run while what is done cannot be deleted; what is done stays done", async () => {
    const world = new World();
    world.removeFails = new TransientError("the queue is away");
    const worked: string[][] = [];
    expect(await world.deliver(groups({}, worked), records)).toEqual(["m-n0", "m-n2"]);
    expect(worked).toEqual([["n1", "n3"]]);
    expect(world.queueEvents).toEqual(["r-n0 back after 300", "r-n2 back after 700"]);
  });
});

describe("a visibility that cannot be changed", () => {
  it("lets the record come back late, and changes nothing else", async () => {
    const world = new World();
    world.visibilityFails = new TransientError("the queue is away");
    const records = [record("n0"), record("n1"), record("n2", { body: "{" })];
    expect(await world.deliver(failing({ n0: new TransientError("slow") }), records)).toEqual(["m-n2", "m-n0"]);
    expect(
      world.lines.filter(({ message }) => message === "record comes back late").map(({ fields }) => fields.message_id),
    ).toEqual(["m-n2", "m-n0"]);
  });
});

describe("metrics", () => {
  it("are flushed also when the handler itself fails", async () => {
    const world = new World();
    world.log.during = () => Promise.reject(new Error("the logger is broken"));
    await expect(world.deliver(failing({}), [record("n0", { body: "{" }), record("n1")])).rejects.toThrow("logger");
    expect(world.events.slice(-2)).toEqual(["RecordFailed 1", "flushed"]);
  });
});

describe("records that the work receives itself", () => {
  const receiving = (
    more: readonly RawRecord[],
    verdicts: Readonly<Record<string, unknown>> = {},
    groups: string[][] = [],
  ) => {
    const waiting = [...more];
    const from = { receive: async (most: number) => waiting.splice(0, most) };
    const work: WorkTogether<Message> = async (records, _remainingMs, receiveMore) => {
      const all = [...records, ...(await receiveMore(10, 1))];
      groups.push(all.map(({ message }) => message.name));
      if ("all" in verdicts) throw verdicts.all;
      const failed = all.filter(({ message }) => message.name in verdicts);
      return { failed: failed.map((one) => ({ record: one, error: verdicts[one.message.name] })), leased: [] };
    };
    return { together: work, from };
  };

  it("are deleted when they are done, because the event source knows nothing of them", async () => {
    const world = new World();
    const groups: string[][] = [];
    expect(await world.deliver(receiving([record("x"), record("y")], {}, groups), [record("a")])).toEqual([]);
    expect(groups).toEqual([["a", "x", "y"]]);
    expect(world.queueEvents).toEqual(["removed r-x r-y"]);
  });

  it("come back by their visibility when they fail, and are not named in the answer", async () => {
    const world = new World();
    const work = receiving([record("x"), record("y", { body: "no JSON" })], { x: new TransientError("slow") });
    expect(await world.deliver(work, [record("a")])).toEqual([]);
    expect(world.queueEvents).toEqual(["r-y back after 3", "r-x back after 100"]);
    expect(world.events).toContain("RecordFailed 2");
  });

  it("all come back when the work throws", async () => {
    const world = new World();
    const work = receiving([record("x")], { all: new TransientError("slow") });
    expect(await world.deliver(work, [record("a")])).toEqual(["m-a"]);
    expect(world.queueEvents).toEqual(["r-a back after 100", "r-x back after 100"]);
  });

  it("run last and alone when they may be poison", async () => {
    const world = new World();
    const groups: string[][] = [];
    const work = receiving([record("x", { receives: 3 }), record("y")], {}, groups);
    expect(await world.deliver(work, [record("a")])).toEqual([]);
    expect(groups).toEqual([["a", "y"], ["x"]]);
    expect(world.queueEvents).toEqual(["removed r-y", "removed r-a", "removed r-x"]);
  });

  it("that cannot be deleted come back once more", async () => {
    const world = new World();
    world.removeFails = new TransientError("slow");
    expect(await world.deliver(receiving([record("x")]), [record("a")])).toEqual([]);
    expect(world.lines).toMatchObject([{ level: "warn", message: "records that are done come back once more" }]);
  });
});
