import { claimKey } from "../common/adapters/dynamodb/operations/request-claims.ts";
import { wantsVariations } from "../common/core/contract/events/product-enrichment-requested.ts";
import { disabledWords } from "../common/core/marketplaces/shop-settings.ts";
import { METRICS } from "../common/core/metric-names.ts";
import type { FailedRecord, WorkTogether } from "../common/platform/sqs/consumer.ts";
import type { QueueRecord } from "../common/platform/sqs/queue-record.ts";
import { beginCatalog } from "./begin-catalog.ts";
import type { Deps } from "./deps.ts";
import { type Refused, refuse } from "./refuse.ts";
import { type ReadableRequest, type RequestMessage, readRequest } from "./request-message.ts";

type Record = QueueRecord<RequestMessage>;

/** A request and the record that it came with. */
interface Asked {
  readonly record: Record;
  readonly request: ReadableRequest;
}

/** What is to be done with the requests of an invocation; what was accepted before is in none of the lists. */
interface Sorted {
  readonly fresh: readonly Asked[];
  readonly refused: readonly Refused[];
  readonly duplicates: number;
}

/**
 * Accepts requests: those that can be worked on begin as catalogs, as few as possible; a bad one is refused with its reason
 * and keeps none of the others; one that was accepted before is dropped.
 */
export const acceptRequests =
  (deps: Deps): WorkTogether<RequestMessage> =>
  async (records) => {
    const { fresh, refused, duplicates } = await sort(deps, records);
    if (duplicates > 0) {
      deps.meter.count(METRICS.RECORD_DUPLICATE, duplicates);
      deps.log.info("requests that were accepted before are dropped", { requests: duplicates });
    }
    const failed: FailedRecord<RequestMessage>[] = [];
    const orFail = async (own: readonly Record[], work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failed.push(...own.map((record) => ({ record, error })));
      }
    };
    await orFail(
      refused.map(({ record }) => record),
      () => refuse(deps, refused),
    );
    for (const group of groupsOf(fresh)) {
      await orFail(
        group.map(({ record }) => record),
        () =>
          beginCatalog(
            deps,
            group.map(({ request }) => request),
          ),
      );
    }
    return { failed, leased: [] };
  };

const sort = async (deps: Pick<Deps, "claims" | "shops" | "clock">, records: readonly Record[]): Promise<Sorted> => {
  const asked: Asked[] = [];
  const refused: Refused[] = [];
  for (const record of records) {
    const read = readRequest(record.message);
    if (read.kind === "readable") asked.push({ record, request: read.request });
    else refused.push({ record, reason: read.reason, given: read.given });
  }
  if (asked.length === 0) return { fresh: [], refused, duplicates: 0 };
  const requests = asked.map(({ request }) => request);
  const [accepted, { disabled }] = await Promise.all([deps.claims.find(requests, deps.clock.now()), deps.shops()]);
  const fresh: Asked[] = [];
  for (const one of asked) {
    const { record, request } = one;
    const key = claimKey(request);
    const claimed = accepted.get(key);
    if (claimed === request.product_key) continue;
    if (claimed !== undefined) {
      const reason = `request_id: was used for ${claimed.replace("#", " ")} before; give each request an id of its own`;
      refused.push({ record, reason, given: request });
    } else if (disabled.has(request.region)) {
      refused.push({ record, reason: `region: ${disabledWords(request.region)}`, given: request });
    } else {
      accepted.set(key, request.product_key);
      fresh.push(one);
    }
  }
  return { fresh, refused, duplicates: records.length - fresh.length - refused.length };
};

/**
 * Requests that can share a catalog: with the same wish for variations, and each product once. A product that two requests ask
 * for is in a second catalog too, which finds it fresh: each request has its own answer.
 */
const groupsOf = (asked: readonly Asked[]): Asked[][] => {
  const groups: { readonly key: string; readonly products: Set<string>; readonly members: Asked[] }[] = [];
  for (const one of asked) {
    const key = String(wantsVariations(one.request));
    const { product_key } = one.request;
    const open = groups.find((group) => group.key === key && !group.products.has(product_key));
    const group = open ?? { key, products: new Set<string>(), members: [] };
    if (!open) groups.push(group);
    group.products.add(product_key);
    group.members.push(one);
  }
  return groups.map(({ members }) => members);
};
