/*
 * Replaces `@asteasolutions/zod-to-openapi` in the bundles, under the names that `@hono/zod-openapi` imports. Routes
 * are registered and requests validated as ever; only the document cannot be generated.
 */

/** Takes every registration and keeps none. */
export class OpenAPIRegistry {
  readonly definitions: readonly never[] = [];
  register(): void {}
  registerComponent(): void {}
  registerParameter(): void {}
  registerPath(): void {}
  registerWebhook(): void {}
}

/** Refuses its work. @throws Error always */
export class OpenApiGeneratorV3 {
  constructor() {
    throw new Error("a bundle cannot generate the OpenAPI document; npm run openapi does, before bundling");
  }
}

export { OpenApiGeneratorV3 as OpenApiGeneratorV31 };

/** Nothing is known of any schema. */
export const getOpenApiMetadata = (): Record<string, unknown> => ({});

/** Adds nothing: our schemas describe themselves with Zod's own `meta`. */
export const extendZodWithOpenApi = (): void => {};
