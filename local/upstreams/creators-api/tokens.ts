import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { RegionGroup } from "../../../lambdas/common/core/products/marketplaces.ts";
import { LOCAL_CREATORS_CREDENTIALS, LOCAL_NEXT_CREDENTIALS } from "../local-credentials.ts";
import { type Reply, ReplyError } from "../shared/server/reply.ts";
import { unauthorized } from "./errors.ts";

type Family = "cognito" | "lwa";

interface Credential {
  readonly credential_version: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly account: string;
}

const GROUPS: Readonly<Record<string, RegionGroup>> = { "1": "NA", "2": "EU", "3": "FE" };
const SCOPES: Readonly<Record<Family, string>> = { cognito: "creatorsapi/default", lwa: "creatorsapi::default" };
/** Hosts and path prefixes that name a region; without one the credential's own region is taken. */
const REGION_NAMES: readonly [RegExp, RegionGroup][] = [
  [/us-east-1|^api\.amazon\.com\b|^\/na\//, "NA"],
  [/eu-south-2|^api\.amazon\.co\.uk\b|^\/eu\//, "EU"],
  [/us-west-2|^api\.amazon\.co\.jp\b|^\/fe\//, "FE"],
];

/** A token that was handed out. */
export interface Grant {
  readonly account: string;
  readonly group: RegionGroup;
  /** Such as `2.1` or `3.1`. */
  readonly version: string;
}

const familyOf = (version: string): Family => (version.startsWith("2.") ? "cognito" : "lwa");

const refuse = (status: number, error: string, description: string, family: Family): ReplyError =>
  // Cognito sends the bare word.
  new ReplyError({ status, body: family === "cognito" ? { error } : { error, error_description: description } });

const fieldsOf = (family: Family, contentType: string, text: string): Record<string, string> => {
  if (contentType === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(text));
  if (contentType !== "application/json" || family === "cognito") {
    throw refuse(400, "invalid_request", "unsupported content type", family);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) throw new SyntaxError("not an object");
    return Object.fromEntries(
      Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse(400, "invalid_request", "the body is not a JSON object", family);
    throw error;
  }
};

const basicOf = (header: string | undefined): { client_id?: string; client_secret?: string } => {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header ?? "")?.[1];
  if (encoded === undefined) return {};
  const [id, ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { client_id: decodeURIComponent(id ?? ""), client_secret: decodeURIComponent(secret.join(":")) };
};

/** Both token services and the tokens they handed out. */
export class TokenDesk {
  readonly #grants = new Map<string, Grant & { readonly endsAtMs: number }>();

  /** Path without a region prefix, or undefined when it is no token path. */
  static familyOfPath(pathname: string): Family | undefined {
    const path = pathname.replace(/^\/(na|eu|fe)(?=\/)/, "");
    if (path === "/oauth2/token") return "cognito";
    return path === "/auth/o2/token" ? "lwa" : undefined;
  }

  /** Answers a token request. Throws ReplyError in the words of OAuth 2 (RFC 6749, section 5.2). */
  issue(
    family: Family,
    request: { method: string; host: string; pathname: string; headers: IncomingHttpHeaders; body: string },
    atMs: number,
    expiresInSeconds: number,
  ): Reply {
    if (request.method !== "POST") throw refuse(405, "invalid_request", "only POST is supported", family);
    const contentType = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    const fields: Readonly<Record<string, string | undefined>> = {
      ...fieldsOf(family, contentType, request.body),
      ...basicOf(request.headers.authorization),
    };
    if (fields.grant_type === undefined) throw refuse(400, "invalid_request", "grant_type is missing", family);
    if (fields.grant_type !== "client_credentials") {
      throw refuse(400, "unsupported_grant_type", "only client_credentials is supported", family);
    }
    const credential = this.#credentialOf(family, fields);
    const group = GROUPS[credential.credential_version.slice(2)] ?? "NA";
    const asked = REGION_NAMES.find(([pattern]) => pattern.test(request.host) || pattern.test(request.pathname))?.[1];
    if (asked !== undefined && asked !== group) throw refuse(400, "invalid_client", "unknown client", family);
    if (fields.scope !== SCOPES[family]) throw refuse(400, "invalid_scope", "the scope is unknown", family);
    const token =
      family === "cognito" ? jwtLike(atMs, expiresInSeconds) : `Atc|${randomBytes(120).toString("base64url")}`;
    this.#grants.set(token, {
      account: credential.account,
      group,
      version: credential.credential_version,
      endsAtMs: atMs + expiresInSeconds * 1000,
    });
    const headers = { "cache-control": "no-store" };
    if (family === "cognito") {
      return {
        status: 200,
        body: { access_token: token, expires_in: expiresInSeconds, token_type: "Bearer" },
        headers,
      };
    }
    const scope = SCOPES.lwa;
    return {
      status: 200,
      body: { access_token: token, scope, token_type: "bearer", expires_in: expiresInSeconds },
      headers,
    };
  }

  /**
   * Finds what an Authorization header grants: `Bearer <token>` for 3.x, `Bearer <token>, Version 2.x` for 2.x.
   * Throws ReplyError 401 with the reason that the API documents.
   */
  check(header: string | undefined, atMs: number): Grant {
    if (!header) throw unauthorized("MissingCredential", "The Authorization header is missing.");
    const match = /^Bearer ([^\s,]+)(?:, Version (\d\.\d))?$/.exec(header);
    if (!match) throw unauthorized("InvalidToken", "The Authorization header cannot be read.");
    const grant = this.#grants.get(match[1] ?? "");
    if (!grant) throw unauthorized("InvalidToken", "Authentication token is invalid.");
    const version = match[2];
    const expected = grant.version.startsWith("2.") ? grant.version : undefined;
    if (version !== expected) {
      throw unauthorized("InvalidIssuer", "The token's issuer does not match the version in the Authorization header.");
    }
    if (grant.endsAtMs <= atMs) throw unauthorized("TokenExpired", "Authentication token has expired.");
    return grant;
  }

  /** Makes every token unknown. */
  revokeAll(): { revoked: number } {
    const revoked = this.#grants.size;
    this.#grants.clear();
    return { revoked };
  }

  #credentialOf(family: Family, fields: Readonly<Record<string, string | undefined>>): Credential {
    if (!fields.client_id || !fields.client_secret) {
      throw refuse(
        400,
        family === "cognito" ? "invalid_client" : "invalid_request",
        "client id or secret is missing",
        family,
      );
    }
    const known: readonly Credential[] = [...Object.values(LOCAL_CREATORS_CREDENTIALS), LOCAL_NEXT_CREDENTIALS];
    const found = known.find(
      (one) => one.client_id === fields.client_id && familyOf(one.credential_version) === family,
    );
    if (found?.client_secret !== fields.client_secret || !found) {
      throw refuse(family === "cognito" ? 400 : 401, "invalid_client", "Client authentication failed", family);
    }
    return found;
  }
}

/** Looks like a signed web token; nobody but the simulator can check it, so the signature is noise. */
const jwtLike = (atMs: number, expiresInSeconds: number): string => {
  const issued = Math.floor(atMs / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = part({ kid: "local", alg: "RS256" });
  const payload = part({
    token_use: "access",
    scope: SCOPES.cognito,
    iat: issued,
    exp: issued + expiresInSeconds,
    jti: randomBytes(8).toString("hex"),
  });
  return `${header}.${payload}.${randomBytes(64).toString("base64url")}`;
};
