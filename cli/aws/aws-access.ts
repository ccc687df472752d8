/** Settings that every AWS client of the CLI is made with. What is absent comes from the person's own AWS set-up. */
export interface AwsConfig {
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** One deployment as AWS knows it. */
export interface AwsAccess {
  readonly stage: string;
  readonly config: AwsConfig;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Secrets are `<prefix>/<source id>`. */
  readonly secretPrefix: string;
}
