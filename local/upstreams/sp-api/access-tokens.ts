import { randomBytes } from "node:crypto";
import { LOCAL_CREDENTIALS } from "../local-credentials.ts";
import { type Reply, ReplyError } from "../shared/server/reply.ts";
import { denied } from "./errors.ts";

const refuse = (status: number, error: string, error_description: string): ReplyError =>
  new ReplyError({ status, body: { error, error_description } });

const fieldsOf = (contentType: string, text: string): Readonly<Record<string, unknown>> => {
  const kind = contentType.split(";")[0]?.trim().toLowerCase();
  if (kind === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(text));
  if (kind !== "application/json") throw refuse(400, "invalid_request", "The content type is not supported.");
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return { ...parsed };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refuse(400, "invalid_request", "The body is not a JSON object.");
};

/** The login service for SP-API: refresh tokens in, access tokens out. One client sends a form, another JSON. */
export class AccessTokens {
  readonly #endsAtMs = new Map<string, number>();

  /** Answers `POST /auth/o2/token`. Throws ReplyError in the words of OAuth 2. */
  issue(method: string, contentType: string, text: string, atMs: number, expiresInSeconds: number): Reply {
    if (method !== "POST") throw refuse(405, "invalid_request", "Only POST is supported.");
    const fields = fieldsOf(contentType, text);
    const known = LOCAL_CREDENTIALS["sp-api"];
    if (fields.grant_type !== "refresh_token")
      throw refuse(400, "unsupported_grant_type", "grant_type must be refresh_token.");
    if (fields.client_id !== known.client_id || fields.client_secret !== known.client_secret) {
      throw refuse(401, "invalid_client", "Client authentication failed");
    }
    if (fields.refresh_token !== known.refresh_token) {
      throw refuse(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token");
    }
    const access_token = `Atza|${randomBytes(150).toString("base64url")}`;
    this.#endsAtMs.set(access_token, atMs + expiresInSeconds * 1000);
    return {
      status: 200,
      body: { access_token, refresh_token: known.refresh_token, token_type: "bearer", expires_in: expiresInSeconds },
    };
  }

  /** Throws ReplyError 403 when the header carries no token, an unknown one or one that has ended. */
  check(header: string | string[] | undefined, atMs: number): void {
    if (typeof header !== "string" || header === "") throw denied("The access token is missing.");
    const endsAtMs = this.#endsAtMs.get(header);
    if (endsAtMs === undefined) throw denied("The access token you provided is revoked, malformed or invalid.");
    // These words show a client that a new token helps.
    if (endsAtMs <= atMs) throw denied("The access token you provided has expired.");
  }

  revokeAll(): { revoked: number } {
    const revoked = this.#endsAtMs.size;
    this.#endsAtMs.clear();
    return { revoked };
  }
}
