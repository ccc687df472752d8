/** MiniStack release that the local stack is tested against. */
export const MINISTACK_VERSION = "1.5.33";
/** Makes MiniStack's Cognito sign its tokens for real, so that the JWT authorizer can refuse forged ones. */
export const CRYPTOGRAPHY_VERSION = "50.0.2";
