import type { S3Client } from "@aws-sdk/client-s3";
import type { CatalogObject, CatalogSink } from "../../core/catalogs/ingest/catalog-sink.ts";
import { S3ObjectWriter } from "./s3-object-writer.ts";

export interface S3CatalogSinkProps {
  readonly client: S3Client;
  readonly bucket: string;
  /**
   * Start of every key, with the slash, such as `catalogs/<catalog_id>/`. Where two attempts at one catalog can overlap
   * it must name the attempt too: a late one that fails would else remove what the other has written.
   */
  readonly prefix: string;
  /**
   * Called for each object that could not be removed after a failure; the failure itself goes to the caller.
   * What stays is an object that no row names, or an upload in parts that the bucket's lifecycle ends.
   */
  readonly onCleanupFailure: (error: unknown) => void;
}

/** Writes a catalog to S3 under one prefix. One sink serves one ingest. */
export class S3CatalogSink implements CatalogSink {
  readonly #props: S3CatalogSinkProps;
  #objects: S3ObjectWriter[] = [];

  constructor(props: S3CatalogSinkProps) {
    this.#props = props;
  }

  open(name: string, contentType: string): CatalogObject {
    const { client, bucket, prefix } = this.#props;
    const object = new S3ObjectWriter(client, { bucket, key: `${prefix}${name}`, contentType });
    this.#objects.push(object);
    return object;
  }

  async abort(): Promise<void> {
    const objects = this.#objects;
    this.#objects = [];
    for (const outcome of await Promise.allSettled(objects.map((object) => object.discard()))) {
      if (outcome.status === "rejected") this.#props.onCleanupFailure(outcome.reason);
    }
  }
}
