import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { clientConfig } from "../../../local/aws-environment.ts";
import type { FaultProxy } from "../../../local/faults/fault-proxy.ts";
import type { Seeded } from "../../../local/faults/seeded.ts";
import { layoutOf } from "../../../local/layout.ts";
import { readStackOutputs } from "../../../local/stack/read-stack-outputs.ts";
import { Api } from "../e2e/api.ts";
import { csvOf } from "../e2e/asins.ts";
import { Deployed } from "../e2e/deployed.ts";
import { Upstream } from "../e2e/upstream.ts";
import { type LocalStack, startLocalStack } from "../local-stack.ts";
import { FunctionLog } from "./faults/function-log.ts";
import { FunctionWorkers } from "./faults/function-workers.ts";
import { KillableGateway } from "./faults/killable-gateway.ts";
import { Leases } from "./leases.ts";
import { Ledger } from "./ledger.ts";
import { type Accepted, persistentUpload, requestUpload } from "./persistent-upload.ts";
import { RunWatcher } from "./run-watcher.ts";

/** Rooms whose functions work on batches. */
const ENRICH_ROOMS = ["enrich-batch", "enrich-batch-express"];

/** So small that lists of every kind have several pages. */
const PAGE_BYTES = 8_192;

/** A deployed stack of its own in which everything can go wrong, and all that looks at it from outside. */
export interface StormWorld {
  readonly stack: LocalStack;
  readonly proxy: FaultProxy;
  readonly gateway: KillableGateway;
  readonly deployed: Deployed;
  readonly upstream: Upstream;
  readonly watcher: RunWatcher;
  readonly ledger: Ledger;
  readonly workers: FunctionWorkers;
  readonly leases: Leases;
  readonly log: FunctionLog;
  readonly documents: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  /** Full names of the functions that work on batches, and of all others. */
  readonly functions: { readonly enrich: readonly string[]; readonly others: readonly string[] };
  /** Uploads that were answered, and what was in them by catalog. */
  readonly accepted: readonly Accepted[];
  readonly uploaded: ReadonlyMap<string, readonly string[]>;
  /** How often each trouble that is not the proxy's struck. */
  readonly struck: ReadonlyMap<string, number>;
  strike(what: string, times?: number): void;
  /** The user of this number, counted round. */
  user(number: number): Api;
  /** Begins an upload by the user of this number, and has its run watched. Nobody has to await it. */
  upload(user: number, name: string, asins: readonly string[]): Promise<Accepted>;
  /** Orders the address of a file. @returns puts it there as `upload` does; nobody has to await that */
  requestUpload(user: number, name: string, asins: readonly string[]): Promise<() => Promise<Accepted>>;
  /** Catalogs whose file is put and whose run has not begun. */
  readonly unread: ReadonlySet<string>;
  /** Whether every upload that was begun is answered. */
  isAllUploaded(): boolean;
  /** @throws Error of the first upload that was refused for good */
  allUploaded(): Promise<void>;
  close(): Promise<void>;
}

/** @param settings of the stage, where they are not those of local */
export const openStormWorld = async (
  settings: Readonly<Record<string, unknown>>,
  random: Seeded,
): Promise<StormWorld> => {
  const stack = await startLocalStack({ settings });
  const { outputs, dir } = stack;
  const layout = layoutOf(dir);
  const { apiId, functions } = readStackOutputs(join(dir, "stack-outputs.json"));
  const enrich = ENRICH_ROOMS.map((room) => {
    const name = functions[room];
    if (!name) throw new Error(`the stack has no function ${room}`);
    return name;
  });
  const { proxy } = stack.faults;
  stack.faults.change({ page_bytes: PAGE_BYTES });
  proxy.drawBy(random);
  const gateway = new KillableGateway(outputs.emulatorUrl, apiId);
  const deployed = new Deployed(outputs, dir);
  const { "enrichment-status": status = "", products = "" } = outputs.tables;
  const watcher = new RunWatcher(outputs.emulatorUrl, status);
  const ledger = new Ledger(outputs.emulatorUrl, { status, products });
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(outputs.emulatorUrl)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const sqs = new SQSClient(clientConfig(outputs.emulatorUrl));
  const accepted: Accepted[] = [];
  const uploaded = new Map<string, readonly string[]>();
  const uploads: Promise<Accepted>[] = [];
  const unread = new Set<string>();
  const struck = new Map<string, number>();
  let users: Api[] = [];

  const user = (number: number): Api => {
    const api = users[number % users.length];
    if (!api) throw new Error("nobody has signed in");
    return api;
  };
  const noted = (answer: Promise<Accepted>, asins: readonly string[]): Promise<Accepted> => {
    const done = answer.then((one) => {
      accepted.push(one);
      uploaded.set(one.catalog_id, asins);
      watcher.watch(one);
      return one;
    });
    // Looked at when all are sent.
    done.catch(() => undefined);
    uploads.push(done);
    return done;
  };
  const close = async (): Promise<void> => {
    try {
      await gateway.kill();
      await watcher.stop();
    } finally {
      for (const client of [deployed, ledger]) client.close();
      for (const client of [documents, sqs]) client.destroy();
      await stack.stop();
    }
  };
  try {
    await gateway.start();
    users = await Promise.all(
      (["demo", "other", "operator"] as const).map(
        async (name) => new Api(`${gateway.url}/api/v1`, await stack.token(name)),
      ),
    );
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{ stack, proxy, gateway, deployed, watcher, ledger, documents, sqs },
    ...{ accepted, uploaded, unread, struck, user, close },
    upstream: new Upstream(outputs),
    workers: new FunctionWorkers(layout),
    leases: new Leases(deployed, watcher),
    log: new FunctionLog(layout),
    functions: { enrich, others: Object.values(functions).filter((name) => !enrich.includes(name)) },
    strike: (what, times = 1) => void struck.set(what, (struck.get(what) ?? 0) + times),
    upload: (number, name, asins) => noted(persistentUpload(user(number), name, csvOf(asins)), asins),
    requestUpload: async (number, name, asins) => {
      const { catalog_id, send } = await requestUpload(user(number), name, csvOf(asins), outputs.emulatorUrl);
      return () => {
        unread.add(catalog_id);
        return noted(
          send().finally(() => unread.delete(catalog_id)),
          asins,
        );
      };
    },
    isAllUploaded: () => accepted.length === uploads.length,
    allUploaded: async () => void (await Promise.all(uploads)),
  };
};
