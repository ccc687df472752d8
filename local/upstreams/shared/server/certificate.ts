import { randomBytes } from "node:crypto";
import { generate } from "selfsigned";
import { MARKETPLACES } from "../../../../lambdas/common/core/products/marketplaces.ts";
import type { TlsMaterial } from "./http-server.ts";

/**
 * Makes a key and a self-signed certificate for this machine and for the given names. A new one at every start:
 * nothing secret is kept on disk, and nobody can trust it by accident.
 */
export const makeCertificate = async (names: readonly string[]): Promise<TlsMaterial> => {
  const dns = ["localhost", ...names].map((value) => ({ type: 2 as const, value }));
  // A name of its own: trust stores look certificates up by it, and several simulators may be trusted at once.
  const commonName = `Local simulator ${names[0] ?? ""} ${randomBytes(4).toString("hex")}`;
  const pems = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [...dns, { type: 7 as const, ip: "127.0.0.1" }] },
    ],
  });
  return { key: pems.private, cert: pems.cert };
};

/** Hosts of PA-API in all shops, for its certificate. */
export const PAAPI_HOSTS = MARKETPLACES.map((place) => place.paapiHost);
