import { addressBytes } from "./addresses/address-bytes.ts";
import { isPublicAddress } from "./addresses/public-address.ts";

/** Longest address, characters. */
export const MAX_URL_LENGTH = 2_048;
const HTTPS_PORT = 443;
/** Ports below are of other services of a host, which nobody's endpoint is. */
const FIRST_FREE_PORT = 1_024;

/** The host of an address as sockets take it: IPv6 without its brackets. */
export const hostOf = ({ hostname }: Pick<URL, "hostname">): string => hostname.replace(/^\[|\]$/g, "");

/**
 * What is wrong with the address of an endpoint, and what to do; undefined for a good one. Names are not looked up here: what
 * they stand for is checked whenever a connection is opened.
 * @param allowed IP addresses that a local stage sends to although they are not public, also without TLS; else none
 */
export const urlProblem = (text: string, allowed: readonly string[]): string | undefined => {
  if (text.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters`;
  const url = URL.parse(text);
  if (!url) return "must be a whole address, such as https://example.com/hooks";
  const host = hostOf(url);
  const isAllowed = allowed.includes(host);
  if (url.protocol !== "https:" && !(isAllowed && url.protocol === "http:")) return "must begin with https://";
  if (url.username !== "" || url.password !== "") {
    return "must carry no user name or password: the signature proves who sends";
  }
  if (url.hash !== "") return "must end before its #: no server sees what follows";
  if (addressBytes(host) && !isAllowed && !isPublicAddress(host)) return "must lead to the public internet";
  const port = url.port === "" ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT) {
    return `must name port ${HTTPS_PORT}, or one from ${FIRST_FREE_PORT} on`;
  }
  return undefined;
};
