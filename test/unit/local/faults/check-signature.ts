import type { IncomingMessage } from "node:http";
import { type SigningKeys, signerOf } from "../../../../local/emulator/signer.ts";

const AUTHORIZATION = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/;

/** Whether a request is signed with these keys for what it is: its signature is made once more. */
export const isSignedWith = async (
  keys: SigningKeys,
  { method = "", url = "", headers }: IncomingMessage,
  body: Buffer,
): Promise<boolean> => {
  const [, accessKeyId, service = "", names = "", signature] = AUTHORIZATION.exec(headers.authorization ?? "") ?? [];
  if (accessKeyId !== keys.accessKeyId || headers["x-amz-security-token"] !== keys.sessionToken) return false;
  const signed = names.split(";");
  const made = await signerOf(service, keys).sign(
    {
      ...{ method, protocol: "http:", hostname: "127.0.0.1", path: url, query: {}, body },
      headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
    },
    {
      signingDate: new Date(
        String(headers["x-amz-date"]).replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"),
      ),
      signableHeaders: new Set(signed),
    },
  );
  return AUTHORIZATION.exec(made.headers.authorization ?? "")?.[4] === signature;
};
