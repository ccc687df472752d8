import { LambdaClient } from "@aws-sdk/client-lambda";
import { SignatureV4 } from "@smithy/signature-v4";
import { clientConfig, LOCAL_REGION } from "../aws-environment.ts";

// Any client has the hash that the SDK signs with; this one calls nobody.
const { sha256 } = new LambdaClient(clientConfig("http://127.0.0.1")).config;

/** Keys that sign, of the account itself or of a session. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Signs requests as their services want it.
 * @param service as signatures name it, such as `apigateway`
 */
export const signerOf = (service: string, credentials: SigningKeys): SignatureV4 =>
  new SignatureV4({ region: LOCAL_REGION, credentials, service, sha256 });
