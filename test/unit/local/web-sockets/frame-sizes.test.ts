import fc from "fast-check";
import { expect, it } from "vitest";
import { FrameSizes } from "../../../../local/web-sockets/frame-sizes.ts";
import { testRuns } from "../../../helpers/test-runs.ts";
import { testSeed } from "../../../helpers/test-seed.ts";

/** A masked frame of a client (RFC 6455 section 5.2); its payload looks like headers. */
const frame = (length: number): Buffer => {
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const header = Buffer.from([0x81, 0x80 | short]);
  const extended = Buffer.alloc(short === 127 ? 8 : short === 126 ? 2 : 0);
  if (short === 126) extended.writeUInt16BE(length);
  if (short === 127) extended.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([header, extended, Buffer.from([1, 2, 3, 4]), Buffer.alloc(length, 0xff)]);
};

it("finds the longest frame wherever the network cuts the bytes", () => {
  const length = fc.oneof(fc.nat(130), fc.constantFrom(125, 126, 127, 32_768, 32_769, 65_535, 65_536));
  fc.assert(
    fc.property(
      fc.array(length, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 5 }),
      (lengths, cuts) => {
        const bytes = Buffer.concat(lengths.map(frame));
        const sizes = new FrameSizes();
        let largest = 0;
        let at = 0;
        for (let n = 0; at < bytes.length; n += 1) {
          const next = at + (cuts[n % cuts.length] ?? 1);
          largest = Math.max(largest, sizes.add(bytes.subarray(at, next)));
          at = next;
        }
        expect(largest).toBe(Math.max(...lengths));
      },
    ),
    { seed: testSeed("frame sizes"), numRuns: testRuns(50) },
  );
});
