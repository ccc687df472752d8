import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { mutated, mutatedJson, nastyValue } from "../../../../helpers/bad-input/nasty.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { DeployedWorld } from "../../../../helpers/worlds/deployed/deployed-world.ts";
import { FUNCTIONS, SOURCES } from "../../../../helpers/worlds/deployed/stage.ts";

const SEED = testSeed("bad messages");
const EVENTS = join(import.meta.dirname, "../../../../../events");
const RecordSchema = z.looseObject({ messageId: z.string().optional(), body: z.string().optional() });
type Message = z.infer<typeof RecordSchema>;
const EventSchema = z.looseObject({ Records: z.array(RecordSchema).min(1) });
const PartialSchema = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** Sample events of a kind whose files begin with a name, without those that are bad on purpose. */
const samples = (kind: string, name: string): unknown[] =>
  globSync(`${kind}/${name}{,-*}.v1.json`, { cwd: EVENTS })
    .filter((file) => !basename(file).includes("-invalid"))
    .map((file) => JSON.parse(readFileSync(join(EVENTS, file), "utf8")));
const recordsOf = (kind: string, name: string): Message[] =>
  samples(kind, name).flatMap((event) => EventSchema.parse(event).Records);

const world = new DeployedWorld();
afterAll(() => vi.restoreAllMocks());

/** Names of the samples where they are those of a queue or a table, and not of the function that reads it. */
const SAMPLES: Readonly<Record<string, string>> = {
  CaptionParsed: "caption-parsed",
  ThumbnailGenerated: "thumbnail-generated",
  ProductsTable: "publish-events",
};
const sampleName = ({ room, of }: { room: string; of: string }): string =>
  Object.entries(SAMPLES).find(([queue]) => of.startsWith(queue))?.[1] ?? room;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const queues = SOURCES.filter(({ kind }) => kind === "queue");
const streams = SOURCES.filter(({ kind }) => kind === "stream");

describe("a message that is nearly right", () => {
  it("is tried on every queue and stream that the stage has", () => {
    expect(queues.length).toBeGreaterThanOrEqual(8);
    expect(streams.length).toBeGreaterThanOrEqual(4);
    for (const source of queues) expect(recordsOf("sqs", sampleName(source)), source.of).not.toEqual([]);
    for (const source of streams) expect(recordsOf("dynamodb", sampleName(source)), source.of).not.toEqual([]);
  });

  it.each(queues.map((source) => [`${source.room} of ${source.of.replace(/[0-9A-F]{8}$/, "")}`, source] as const))(
    "%s: never fails its company, and comes back where it cannot be read",
    async (_, source) => {
      const handler = await world.handler(source.functionId);
      const known = recordsOf("sqs", sampleName(source));
      const send = async (records: readonly Message[]): Promise<string[]> => {
        world.clear();
        const answer = PartialSchema.parse(await handler({ Records: records }));
        return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      };
      const good = { ...known[0], messageId: "good" };
      const alone = await send([good]);
      const body = fc.constantFrom(...known).chain((record) => mutatedJson(JSON.parse(record.body ?? "null")));
      await fc.assert(
        fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 3 }), async (bodies) => {
          const bad = bodies.map((text, index) => ({ ...known[0], messageId: `bad-${index}`, body: text }));
          const failed = await send([...bad, good]);
          expect(new Set(failed).size).toBe(failed.length);
          expect(failed.filter((id) => id === "good")).toEqual(alone);
          for (const { messageId, body: text } of bad) if (!isJson(text)) expect(failed).toContain(messageId);
        }),
        { seed: SEED, numRuns: testRuns(15), endOnFailure: true },
      );
    },
  );

  it.each(streams.map((source) => [`${source.room} of ${source.of.replace(/[0-9A-F]{8}$/, "")}`, source] as const))(
    "%s: is passed over or fails by itself, and is no fault of ours",
    async (_, source) => {
      const handler = await world.handler(source.functionId);
      const known = recordsOf("dynamodb", sampleName(source));
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...known).chain((record) => mutated(record)),
          async (record) => {
            world.clear();
            // A batch that fails is cut in two until the bad record is alone; what it throws must say what is wrong with it.
            const failure = await handler({ Records: [record] }).then(
              () => undefined,
              (error: unknown) => error,
            );
            if (failure !== undefined) expect(failure).not.toBeInstanceOf(TypeError);
          },
        ),
        { seed: SEED, numRuns: testRuns(25), endOnFailure: true },
      );
    },
  );
});

describe("an invocation that is nearly right", () => {
  const idOf = (room: string): string => [...FUNCTIONS].find(([, one]) => one.room === room)?.[0] ?? room;

  it("of the authorizer by whatever a client may call a credential lets nobody in, and never fails", async () => {
    // The pool has no key that a made-up token could name.
    vi.stubGlobal("fetch", async () => Response.json({ keys: [] }));
    const handler = await world.handler(idOf("authorize-requests"));
    const [sample] = samples("authorizer", "authorize-requests");
    const EventShape = z.looseObject({ headers: z.record(z.string(), z.string()) });
    const event = EventShape.parse(sample);
    const part = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }).map((value) => Buffer.from(JSON.stringify(value)).toString("base64url")),
      fc
        .constantFrom('{"alg":"none"}', '{"alg":"RS256","kid":"k"}', '{"sub":"owner","exp":9e99}', "")
        .map((text) => Buffer.from(text).toString("base64url")),
    );
    const token = fc.oneof(
      nastyValue().map((value) => (typeof value === "string" ? value : JSON.stringify(value))),
      fc.tuple(part, part, part).map((parts) => parts.join(".")),
      fc
        .tuple(fc.stringMatching(/^[0-9a-z]{0,20}$/), fc.string({ maxLength: 60 }))
        .map(([id, secret]) => `ek_${id}_${secret}`),
    );
    const scheme = fc.constantFrom("Bearer ", "bearer ", "Basic ", "", "Bearer  ");
    await fc.assert(
      fc.asyncProperty(scheme, token, async (word, text) => {
        world.clear();
        const authorization = `${word}${text}`;
        const answer = JSON.stringify(
          await handler({ ...event, identitySource: [authorization], headers: { ...event.headers, authorization } }),
        );
        expect(answer).toContain("isAuthorized");
        expect(answer).not.toMatch(/"via":"(?:person|key)"/);
      }),
      { seed: SEED, numRuns: testRuns(60), endOnFailure: true },
    );
  });

  it("of the WebSocket is answered below 500, without words of the inside", async () => {
    const handler = await world.handler(idOf("live-connections"));
    const events = ["connect", "ping", "subscribe-to-seller"].flatMap((name) => samples("websocket", name));
    const AnswerSchema = z.looseObject({ statusCode: z.number() });
    const BodySchema = z.looseObject({ body: z.string() });
    const odd = fc.constantFrom(...events).chain((event) => {
      const parsed = BodySchema.safeParse(event);
      return parsed.success
        ? mutatedJson(JSON.parse(parsed.data.body)).map((body) => ({ ...parsed.data, body }))
        : fc.constant(event);
    });
    await fc.assert(
      fc.asyncProperty(odd, async (event) => {
        world.clear();
        const answer = AnswerSchema.parse(await handler(event));
        expect(answer.statusCode).toBeLessThan(500);
        expect(JSON.stringify([answer, world.sent])).not.toMatch(/\\n\s+at |TypeError|node_modules/);
      }),
      { seed: SEED, numRuns: testRuns(50), endOnFailure: true },
    );
  });

  it.each(["dispatch-batches", "reconcile", "plan-refresh", "sweep-expired", "sweep-staging"])(
    "of %s by its schedule is done, or refused in words that say what was wrong",
    async (room) => {
      const handler = await world.handler(idOf(room));
      await fc.assert(
        fc.asyncProperty(fc.oneof(mutated({}), mutated({ detail: {}, source: "aws.scheduler" })), async (event) => {
          world.clear();
          const failure = await handler(event).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (failure !== undefined) expect(failure).not.toBeInstanceOf(TypeError);
        }),
        { seed: SEED, numRuns: testRuns(10), endOnFailure: true },
      );
    },
  );

  it("of react-to-outcomes by the bus is done, or refused in words that say what was wrong", async () => {
    const handler = await world.handler(idOf("react-to-outcomes"));
    const events = samples("eventbridge", "react-to-outcomes");
    expect(events).not.toEqual([]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...events).chain(mutated), async (event) => {
        world.clear();
        const failure = await handler(event).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined) expect(failure).not.toBeInstanceOf(TypeError);
      }),
      { seed: SEED, numRuns: testRuns(25), endOnFailure: true },
    );
  });
});
