import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import {
  createHandler as createBroadcast,
  type StreamBatchResponse,
} from "../../../lambdas/broadcast-changes/handler.ts";
import { ListenedChannels } from "../../../lambdas/common/adapters/dynamodb/live/listened-channels.ts";
import { LiveCensus } from "../../../lambdas/common/adapters/dynamodb/live/live-census.ts";
import { LiveConnections } from "../../../lambdas/common/adapters/dynamodb/live/live-connections.ts";
import { NewestRun } from "../../../lambdas/common/adapters/dynamodb/live/newest-run.ts";
import { UpdatePace } from "../../../lambdas/common/adapters/dynamodb/live/update-pace.ts";
import { LiveTickets } from "../../../lambdas/common/adapters/dynamodb/operations/live-tickets.ts";
import type { SendResult } from "../../../lambdas/common/adapters/sockets/sockets.ts";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { ServerMessage } from "../../../lambdas/common/core/live/server-message.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { ShopProduct } from "../../../lambdas/common/core/shop/shop-product.ts";
import { buildCatalogStores } from "../../../lambdas/common/services/wiring/catalogs/catalog-stores.ts";
import type { Answer } from "../../../lambdas/live-connections/connection-event.ts";
import { createHandler } from "../../../lambdas/live-connections/handler.ts";
import { MemoryDynamo } from "../memory/memory-dynamo.ts";
import { aCatalog, aRun, NOON } from "../rows.ts";
import { silentLog, silentMeter } from "../silent.ts";

/**
 * How a call to API Gateway's connections ends: `lost` never arrives, `unanswered` arrives and is taken for lost, `limited` is refused
 * because too much is sent, or the client reads too slowly.
 */
export type SocketFault = "none" | "lost" | "unanswered" | "limited";

export const CATALOG = "cat_0000000000000001";
const ORIGIN = "https://console.example.com";

/** A message that arrived at a client. */
export interface Arrival {
  readonly connectionId: string;
  readonly message: ServerMessage;
  readonly atMs: number;
  /** Whether `broadcast-changes` sent it, and not as an answer. */
  readonly isPush: boolean;
  /** When its sender took the right to send it. Undefined for what needs none, and where the sender has slept since, so that it is over. */
  readonly rightMs: number | undefined;
}

/** The functions of live updates on tables and connections in memory, with clock, faults and order of steps in our hands. */
export class LiveWorld {
  nowMs = NOON;
  readonly dynamo: MemoryDynamo;
  readonly tickets: LiveTickets;
  /** What arrived at clients, in its order. */
  readonly arrived: Arrival[] = [];
  /** Connections that API Gateway holds open. */
  readonly open = new Set<string>();
  /** Users who were removed. */
  readonly gone = new Set<string>();
  /** Metrics that were counted. */
  readonly counted: string[] = [];
  /** What was logged, as text. */
  readonly logged: string[] = [];
  fault: (connectionId: string, call: "send" | "disconnect") => SocketFault = () => "none";
  /** Keeps a message from a connection until it resolves. */
  hold: (connectionId: string) => Promise<void> | undefined = () => undefined;
  onArrival: (connectionId: string, message: ServerMessage) => void = () => {};
  readonly #serve: ReturnType<typeof createHandler>;
  readonly #workers: ReturnType<typeof createBroadcast>[];

  constructor(gate: () => Promise<void> = async () => {}) {
    this.dynamo = new MemoryDynamo(
      {
        status: { keys: ["catalog_id", "batch_id"] },
        live: { keys: ["channel", "connection_id"] },
        operations: { keys: ["operation_key"] },
      },
      gate,
    );
    const documents = this.dynamo.client();
    const connections = new LiveConnections(documents, "live");
    const listened = new ListenedChannels(documents, "live");
    this.tickets = new LiveTickets(documents, "operations");
    const common = {
      connections,
      listened,
      sockets: { send: this.#sender(), disconnect: this.#disconnect },
      clock: {
        now: () => this.nowMs,
        sleep: async (ms: number) => {
          this.nowMs += ms;
        },
      },
      meter: { ...silentMeter, count: (name: string) => void this.counted.push(name) },
      log: {
        ...silentLog,
        info: (...line: unknown[]) => void this.logged.push(JSON.stringify(line)),
        warn: (...line: unknown[]) => void this.logged.push(JSON.stringify(line)),
        error: (...line: unknown[]) => void this.logged.push(JSON.stringify(line)),
      },
    };
    this.#serve = createHandler({
      ...common,
      catalogs: buildCatalogStores({ STATUS_TABLE_NAME: "status" }, { documents }).catalogs,
      newestRun: new NewestRun(documents, "status"),
      owners: { isPresent: async ({ userId }) => !this.gone.has(userId) },
      random: () => 0.5,
      allowedOrigins: [ORIGIN],
      tickets: this.tickets,
      census: new LiveCensus(documents, "live"),
    });
    const pace = new UpdatePace(documents, "live");
    this.#workers = [1, 2].map(() => {
      // An instance has one event at a time.
      let rightMs: number | undefined;
      const take: UpdatePace["take"] = async (channel, nowMs) => {
        const waitMs = await pace.take(channel, nowMs);
        if (waitMs === 0) rightMs = nowMs;
        return waitMs;
      };
      const sleep = async (ms: number): Promise<void> => {
        rightMs = undefined;
        await common.clock.sleep(ms);
      };
      const sockets = { ...common.sockets, send: this.#sender(() => ({ isPush: true, rightMs })) };
      return createBroadcast({ ...common, sockets, clock: { ...common.clock, sleep }, pace: { take } });
    });
  }

  /** Writes a catalog of `user-1` without a run. */
  async putCatalog(catalog: Partial<CatalogRow> = {}): Promise<CatalogRow> {
    const row = aCatalog({ catalog_id: CATALOG, user_id: "user-1", ...catalog });
    await this.dynamo.client().send(new PutCommand({ TableName: "status", Item: row }));
    return row;
  }

  /** Writes a catalog of `user-1` with a run. */
  async putRun(run: Partial<RunRow> = {}): Promise<RunRow> {
    const row = aRun({ catalog_id: CATALOG, batch_id: `enrich_${CATALOG}_1`, ...run });
    await this.dynamo.client().send(new PutCommand({ TableName: "status", Item: row }));
    // Last, so that it never names a run that is not there.
    await this.putCatalog({ tracking_id: row.batch_id });
    return row;
  }

  /** Hands an event to `live-connections`, as API Gateway does. */
  async serve(event: unknown): Promise<Answer> {
    const answer = await this.#serve(event);
    const { requestContext } = event as { requestContext?: { connectionId: string; eventType: string } };
    // A connection is open once its connect was answered: nothing arrives before.
    if (requestContext?.eventType === "CONNECT" && answer.statusCode === 200)
      this.open.add(requestContext.connectionId);
    return answer;
  }

  async connect(connectionId: string, query: { ticket?: string } = {}, origin = ORIGIN): Promise<Answer> {
    return this.serve({
      requestContext: { connectionId, eventType: "CONNECT", requestId: "r1" },
      headers: { Origin: origin },
      queryStringParameters: query,
    });
  }

  /** Connects with a new ticket of a user. */
  async connectAs(userId: string, connectionId: string): Promise<Answer> {
    const { ticket } = await this.tickets.issue(userId, this.nowMs);
    return this.connect(connectionId, { ticket });
  }

  /** Sends a client's message; text is sent as it is. */
  async say(connectionId: string, message: unknown): Promise<void> {
    const body = typeof message === "string" ? message : JSON.stringify(message);
    await this.serve({ requestContext: { connectionId, eventType: "MESSAGE", requestId: "r2" }, body });
  }

  /** The client's side closes; API Gateway reports it, unless the report is lost. */
  async leave(connectionId: string, isReported: boolean): Promise<void> {
    this.open.delete(connectionId);
    if (isReported) await this.serve({ requestContext: { connectionId, eventType: "DISCONNECT", requestId: "r3" } });
  }

  /** Hands changes of rows of catalogs and runs to one of two instances of `broadcast-changes`. @throws what makes Lambda try again */
  broadcast(worker: 0 | 1, rows: readonly (RunRow | CatalogRow)[], remainingMs = 30_000): Promise<StreamBatchResponse> {
    const Records = rows.map((row) => ({
      eventName: "MODIFY",
      dynamodb: {
        SequenceNumber: `${row.batch_id}/${"sequence" in row ? row.sequence : row.state}`,
        NewImage: marshall(row, { removeUndefinedValues: true }),
      },
    }));
    return this.#broadcast(worker, Records, remainingMs);
  }

  /** Hands new rows of the shop's products to one of two instances. @throws what makes Lambda try again */
  broadcastProducts(worker: 0 | 1, products: readonly ShopProduct[]): Promise<StreamBatchResponse> {
    const Records = products.map((product) => ({
      eventName: "INSERT",
      dynamodb: { SequenceNumber: product.video_id, NewImage: marshall(product) },
    }));
    return this.#broadcast(worker, Records, 30_000);
  }

  #broadcast(worker: 0 | 1, Records: readonly unknown[], remainingMs: number): Promise<StreamBatchResponse> {
    const handler = this.#workers[worker];
    if (!handler) throw new Error("there are two instances");
    return handler({ Records }, { getRemainingTimeInMillis: () => remainingMs });
  }

  sentTo(connectionId: string): ServerMessage[] {
    return this.arrived.filter((one) => one.connectionId === connectionId).map(({ message }) => message);
  }

  /** @param origin what is known of a message when it is sent */
  #sender(origin: () => Pick<Arrival, "isPush" | "rightMs"> = () => ({ isPush: false, rightMs: undefined })) {
    return async (connectionId: string, message: ServerMessage | string): Promise<SendResult> => {
      const fault = this.fault(connectionId, "send");
      if (fault === "limited") return "limited";
      const sent = origin();
      await this.hold(connectionId);
      if (fault === "lost") throw new TransientError("the message is lost");
      if (!this.open.has(connectionId)) return "gone";
      const received: ServerMessage = JSON.parse(typeof message === "string" ? message : JSON.stringify(message));
      this.arrived.push({ connectionId, message: received, atMs: this.nowMs, ...sent });
      this.onArrival(connectionId, received);
      if (fault === "unanswered") throw new TransientError("no answer came");
      return "sent";
    };
  }

  readonly #disconnect = async (connectionId: string): Promise<void> => {
    const fault = this.fault(connectionId, "disconnect");
    if (fault === "lost") throw new TransientError("the call is lost");
    this.open.delete(connectionId);
    if (fault === "unanswered") throw new TransientError("no answer came");
  };
}
