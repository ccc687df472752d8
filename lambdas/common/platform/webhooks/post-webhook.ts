import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "../../core/webhooks/addresses/public-address.ts";
import type { Attempt, AttemptError } from "../../core/webhooks/delivery.ts";
import { hostOf, urlProblem } from "../../core/webhooks/webhook-url.ts";
import type { ResolveHost } from "./resolve-host.ts";

/** Limit of a whole call, from the look-up of the name to the end of the answer. */
export const CALL_LIMIT_MS = 10_000;
/** Bytes of an answer that are read, and thrown away; its status says all. */
const MAX_ANSWER_BYTES = 64 * 1_024;

export interface PostTools {
  readonly resolveHost: ResolveHost;
  /** IP addresses that are sent to although they are not public; empty but on stage local. */
  readonly allowed: readonly string[];
  readonly userAgent: string;
  /** @default CALL_LIMIT_MS */
  readonly limitMs?: number;
}

/** What is sent where. */
export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a call ended: with a status, or without an answer. */
export type PostOutcome = Pick<Attempt, "status" | "error">;
export type PostWebhook = (post: WebhookPost) => Promise<PostOutcome>;

/** A call that ends without an answer. */
class NoAnswerError extends Error {
  readonly reason: AttemptError;

  constructor(reason: AttemptError) {
    super(reason);
    this.reason = reason;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** Codes of OpenSSL and of Node's own checks of certificates. */
const TLS_CODE = /^(?:ERR_(?:TLS|SSL)|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_OSSL|EPROTO)/;

const reasonOf = (error: unknown): AttemptError => {
  if (error instanceof NoAnswerError) return error.reason;
  return TLS_CODE.test(codeOf(error)) ? "tls" : "connection";
};

/**
 * Sends webhooks. Every call opens a connection of its own, to an address that was checked for this call: the name is looked up
 * once, all its addresses must be public, and the connection goes to one of these and to no other, so a name that answers
 * differently the next time leads nowhere. Redirects are not followed. Never throws for what the other side does.
 */
export const createPostWebhook = (tools: PostTools): PostWebhook => {
  const { allowed, resolveHost, userAgent, limitMs = CALL_LIMIT_MS } = tools;

  const addressesOf = async (host: string): Promise<readonly string[]> => {
    if (isIP(host) !== 0) return [host];
    try {
      return await resolveHost(host);
    } catch {
      throw new NoAnswerError("dns");
    }
  };

  const checkedAddresses = async (address: string): Promise<readonly string[]> => {
    if (urlProblem(address, allowed) !== undefined) throw new NoAnswerError("address_refused");
    const addresses = await addressesOf(hostOf(new URL(address)));
    if (addresses.length === 0) throw new NoAnswerError("dns");
    const isGood = addresses.every((one) => allowed.includes(one) || isPublicAddress(one));
    if (!isGood) throw new NoAnswerError("address_refused");
    return addresses;
  };

  return async (post) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const end = new AbortController();
    let isAnswered = false;
    const onAnswer = (): void => {
      isAnswered = true;
    };
    const timer = setTimeout(() => {
      // An answer that has come counts, however long its body is.
      if (!isAnswered) reject(new NoAnswerError("timeout"));
      end.abort();
    }, limitMs);
    try {
      const call = checkedAddresses(post.url).then((addresses) =>
        send(post, { addresses, userAgent, end: end.signal, onAnswer }),
      );
      // After the limit nobody waits for it.
      call.catch(() => undefined);
      return { status: await Promise.race([call, late]), error: null };
    } catch (error) {
      return { status: null, error: reasonOf(error) };
    } finally {
      clearTimeout(timer);
    }
  };
};

/** Answers every look-up with the addresses that were checked. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_hostname, options, callback) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first = { address: "", family: 0 }] = found;
    if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  };

interface Connection {
  readonly addresses: readonly string[];
  readonly userAgent: string;
  readonly end: AbortSignal;
  /** Called when the head of the answer is there. */
  readonly onAnswer: () => void;
}

/** @returns the status of the answer */
const send = async (post: WebhookPost, { addresses, userAgent, end, onAnswer }: Connection): Promise<number> => {
  const url = new URL(post.url);
  const create = url.protocol === "https:" ? requestHttps : requestHttp;
  const request = create(url, {
    method: "POST",
    headers: {
      ...post.headers,
      "user-agent": userAgent,
      "content-length": String(Buffer.byteLength(post.body)),
    },
    // No agent: nothing is sent on a connection that was checked for another call.
    agent: false,
    lookup: pinned(addresses),
    signal: end,
  });
  const answer = await answerTo(request, post.body);
  onAnswer();
  const status = answer.statusCode ?? 0;
  await discard(answer);
  return status;
};

const answerTo = (request: ClientRequest, body: string): Promise<IncomingMessage> => {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve);
  // Stays: an error that comes after the head is one of the body, too.
  request.on("error", reject);
  request.end(body);
  return promise;
};

/** Reads an answer to its end or its limit, so that the other side sees its answer taken. What breaks here has been answered. */
const discard = async (answer: IncomingMessage): Promise<void> => {
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // The status came before.
  } finally {
    answer.destroy();
  }
};
