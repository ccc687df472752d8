import { CliError, EXIT } from "../cli-error.ts";

const NO_CREDENTIALS = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "ExpiredToken",
  "ExpiredTokenException",
  "AuthFailure",
]);
const NO_RIGHT = new Set(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"]);
const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "EPIPE"]);

const codeOf = (error: Error): unknown => ("code" in error ? error.code : undefined);

/**
 * The failure of an AWS call in words that say what to do.
 * @param doing what was tried, as in "reading the stack failed"
 */
export const awsError = (error: unknown, doing: string): CliError => {
  if (error instanceof CliError) return error;
  if (!(error instanceof Error)) return new CliError(EXIT.UNAVAILABLE, `${doing} failed: ${String(error)}`);
  if (NO_CREDENTIALS.has(error.name)) {
    return new CliError(
      EXIT.AUTH,
      `${doing} needs valid AWS credentials: name a profile with --profile, or run aws configure or aws sso login. (${error.message})`,
      { cause: error },
    );
  }
  if (NO_RIGHT.has(error.name)) {
    return new CliError(
      EXIT.AUTH,
      `${doing} is not allowed with these AWS credentials: use a profile that may. (${error.message})`,
      { cause: error },
    );
  }
  if (/region is missing/i.test(error.message)) {
    return new CliError(
      EXIT.USAGE,
      `${doing} needs an AWS region: set AWS_REGION, or a region in the profile (aws configure set region eu-central-1).`,
      { cause: error },
    );
  }
  const code = codeOf(error);
  if (typeof code === "string" && NETWORK.has(code)) {
    return new CliError(EXIT.UNAVAILABLE, `${doing} failed: AWS cannot be reached (${code}). Check the network.`, {
      cause: error,
    });
  }
  return new CliError(EXIT.UNAVAILABLE, `${doing} failed: ${error.name}: ${error.message}`, { cause: error });
};
