import { readFileSync } from "node:fs";
import * as z from "zod";
import { LOCAL_REGION } from "../aws-environment.ts";
import { LocalError } from "../local-error.ts";

const FileSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** What the deployed stacks say of themselves. */
export interface StackOutputs {
  /** Id of the HTTP API. */
  readonly apiId: string;
  /** Id of the WebSocket API. */
  readonly webSocketApiId: string;
  readonly auth: { readonly region: string; readonly userPoolId: string; readonly clientId: string };
  readonly bucket: string;
  readonly eventBus: { readonly name: string; readonly arn: string };
  /** Physical names by the design's table names. */
  readonly tables: Readonly<Record<string, string>>;
  /** ARNs by name, such as `new-products`. */
  readonly topics: Readonly<Record<string, string>>;
  readonly queues: Readonly<Record<string, { readonly url: string; readonly dlqUrl: string }>>;
  /** Physical names by room, such as `enrich-batch`. */
  readonly functions: Readonly<Record<string, string>>;
}

/** `EnrichmentStatus` → `enrichment-status`. */
const kebab = (pascal: string): string => pascal.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();

/** Entries whose name is prefix + Something + suffix, by the kebab-case of Something. */
const named = (outputs: Readonly<Record<string, string>>, pattern: RegExp): Record<string, string> =>
  Object.fromEntries(
    Object.entries(outputs).flatMap(([key, value]) => {
      const name = pattern.exec(key)?.[1];
      return name ? [[kebab(name), value] as const] : [];
    }),
  );

/**
 * Sorts the outputs of all stacks, as `cdk deploy --outputs-file` writes them.
 * @param byStack outputs by stack name
 * @throws LocalError naming the first output that is missing.
 */
export const sortStackOutputs = (byStack: Readonly<Record<string, Readonly<Record<string, string>>>>): StackOutputs => {
  const outputs: Record<string, string> = Object.assign({}, ...Object.values(byStack));
  const required = (key: string): string => {
    const value = outputs[key];
    if (!value)
      throw new LocalError(`the deployed stacks have no output ${key}: they and local/ are of different versions`);
    return value;
  };
  const dlqUrls = named(outputs, /^Queue([A-Z]\w*)DlqUrl$/);
  const urls = named(outputs, /^Queue([A-Z]\w*?)(?<!Dlq)Url$/);
  return {
    apiId: required("ApiId"),
    webSocketApiId: required("WebSocketApiId"),
    auth: { region: LOCAL_REGION, userPoolId: required("UserPoolId"), clientId: required("UserPoolClientId") },
    bucket: required("BucketName"),
    eventBus: { name: required("EventBusName"), arn: required("EventBusArn") },
    tables: named(outputs, /^Table([A-Z]\w*)$/),
    topics: named(outputs, /^Topic([A-Z]\w*)$/),
    queues: Object.fromEntries(
      Object.entries(urls).flatMap(([name, url]) => {
        const dlqUrl = dlqUrls[name];
        return dlqUrl ? [[name, { url, dlqUrl }] as const] : [];
      }),
    ),
    functions: named(outputs, /^Function([A-Z]\w*)$/),
  };
};

/**
 * Reads the file that `cdk deploy --outputs-file` wrote.
 * @throws LocalError when it is missing or not what it should be.
 */
export const readStackOutputs = (file: string): StackOutputs => {
  const byStack = (() => {
    try {
      return FileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    } catch (cause) {
      throw new LocalError(`the outputs of the deployed stacks cannot be read from ${file}`, { cause });
    }
  })();
  return sortStackOutputs(byStack);
};
