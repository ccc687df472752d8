import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { CatalogObjects } from "../../../lambdas/adapters/catalog-objects.ts";
import { aCatalog } from "../../helpers/rows.ts";

it("the files of a deleted catalog go, and so does the file that it was uploaded as", async () => {
  const mock = mockClient(S3Client);
  mock.on(DeleteObjectCommand).resolves({});
  const segment = {
    key: "catalogs/cat_1/1/us.ndjson",
    index_key: "catalogs/cat_1/1/us.index",
    marketplace: "www.amazon.com",
    products: 2,
    bytes: 20,
  };
  const catalog = aCatalog({ rows_key: "catalogs/cat_1/1/rows", rejects_key: null, segments: [segment] });
  await new CatalogObjects(mock as unknown as S3Client, "bucket").remove(catalog);
  expect(mock.commandCalls(DeleteObjectCommand).map((call) => call.args[0].input)).toEqual(
    [`uploads/${catalog.catalog_id}`, "catalogs/cat_1/1/rows", segment.key, segment.index_key].map((Key) => ({
      Bucket: "bucket",
      Key,
    })),
  );
});
