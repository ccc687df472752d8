import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressBytes } from "../../../../../../lambdas/common/core/webhooks/addresses/address-bytes.ts";
import { isPublicAddress } from "../../../../../../lambdas/common/core/webhooks/addresses/public-address.ts";
import { urlProblem } from "../../../../../../lambdas/common/core/webhooks/webhook-url.ts";
import { testRuns } from "../../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../../helpers/test-seed.ts";

const SEED = testSeed("addresses of webhooks");
const RUNS = { seed: SEED, numRuns: testRuns(2_000) };

/** Blocks that nothing may be sent to, as Node's own list knows them: another program than the one under test. */
const FORBIDDEN: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ...(
    [
      ["0.0.0.0", 8],
      ["10.0.0.0", 8],
      ["100.64.0.0", 10],
      ["127.0.0.0", 8],
      ["169.254.0.0", 16],
      ["172.16.0.0", 12],
      ["192.0.0.0", 24],
      ["192.168.0.0", 16],
      ["198.18.0.0", 15],
      ["224.0.0.0", 4],
      ["240.0.0.0", 4],
    ] as const
  ).map(([network, bits]) => [network, bits, "ipv4"] as const),
  ...(
    [
      ["::", 128],
      ["::1", 128],
      ["::ffff:0:0", 96],
      ["64:ff9b::", 96],
      ["64:ff9b:1::", 48],
      ["100::", 64],
      ["2001::", 32],
      ["2001:db8::", 32],
      ["2002::", 16],
      ["fc00::", 7],
      ["fe80::", 10],
      ["fec0::", 10],
      ["ff00::", 8],
    ] as const
  ).map(([network, bits]) => [network, bits, "ipv6"] as const),
];
/** One list for each kind: in a list of both, the block of mapped addresses would hold all of IPv4. */
const blocksOf = (kind: "ipv4" | "ipv6"): BlockList => {
  const list = new BlockList();
  for (const block of FORBIDDEN) if (block[2] === kind) list.addSubnet(...block);
  return list;
};
const blocks = { ipv4: blocksOf("ipv4"), ipv6: blocksOf("ipv6") };

const byte = fc.integer({ min: 0, max: 255 });
const v4Bytes = fc.tuple(byte, byte, byte, byte);
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });
const dotted = (bytes: readonly number[]): string => bytes.join(".");

/** One address in any of the notations that there are for it. */
const v6Text = fc
  .tuple(groups, fc.nat(), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([parts, from, upper, padded, ends]) => {
    let texts = parts.map((part) => part.toString(16).padStart(padded ? 4 : 1, "0"));
    if (ends) {
      const [high = 0, low = 0] = parts.slice(6);
      texts = [...texts.slice(0, 6), dotted([high >> 8, high & 255, low >> 8, low & 255])];
    }
    const zeros = texts.flatMap((text, index) => (/^0+$/.test(text) ? [index] : []));
    const at = zeros[from % Math.max(1, zeros.length)];
    let end = at ?? 0;
    while (at !== undefined && zeros.includes(end + 1)) end += 1;
    const short =
      at === undefined || end === at
        ? texts.join(":")
        : `${texts.slice(0, at).join(":")}::${texts.slice(end + 1).join(":")}`;
    return upper ? short.toUpperCase() : short;
  });

describe("an address that webhooks may go to", () => {
  it("is in no block of the net's own, IPv4", () =>
    fc.assert(
      fc.property(v4Bytes, (bytes) => {
        if (blocks.ipv4.check(dotted(bytes), "ipv4")) expect(isPublicAddress(dotted(bytes))).toBe(false);
      }),
      RUNS,
    ));

  it("is in no block of the net's own, IPv6 in any notation", () =>
    fc.assert(
      fc.property(v6Text, (text) => {
        expect(isIP(text)).toBe(6);
        expect(addressBytes(text)).toHaveLength(16);
        if (blocks.ipv6.check(text, "ipv6")) expect(isPublicAddress(text)).toBe(false);
      }),
      RUNS,
    ));

  it("hides in no other notation: mapped, translated, tunnelled", () =>
    fc.assert(
      fc.property(v4Bytes, ([a, b, c, d]) => {
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const v4 = dotted([a, b, c, d]);
        for (const text of [
          ...[`::ffff:${v4}`, `::ffff:${hex}`, `0:0:0:0:0:ffff:${hex}`, `::${v4}`, `64:ff9b::${v4}`, `64:ff9b::${hex}`],
          ...[`64:ff9b:1::${hex}`, `2002:${hex}::`, `2002:${hex}::1`, `2001:0:${hex}::`, `::ffff:0:${v4}`],
        ]) {
          expect(isIP(text), text).toBe(6);
          expect(isPublicAddress(text), text).toBe(false);
        }
      }),
      RUNS,
    ));

  it("is read as Node reads it, and what is none is refused", () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f:.]{1,20}$/), (text) => {
        expect(addressBytes(text)?.length === undefined, text).toBe(isIP(text) === 0);
        if (isIP(text) === 0) expect(isPublicAddress(text)).toBe(false);
      }),
      RUNS,
    ));

  it("may be nearly any other one", () => {
    for (const text of ["8.8.8.8", "1.1.1.1", "52.95.110.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"]) {
      expect(isPublicAddress(text), text).toBe(true);
    }
    fc.assert(
      fc.property(v4Bytes, ([, b, c, d]) => {
        expect(isPublicAddress(dotted([52, b, c, d]))).toBe(true);
      }),
      RUNS,
    );
  });

  it("cannot be written into a URL in disguise", () =>
    fc.assert(
      fc.property(fc.constantFrom("127.0.0.1", "169.254.169.254", "10.1.2.3", "192.168.0.1"), fc.nat(5), (v4, form) => {
        const [a = 0, b = 0, c = 0, d = 0] = v4.split(".").map(Number);
        const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
        const hosts = [
          String(whole),
          `0x${whole.toString(16)}`,
          `0${a.toString(8)}.0${b.toString(8)}.${(c << 8) | d}`,
          `${a}.${(b << 16) | (c << 8) | d}`,
          `[::ffff:${v4}]`,
          `${v4}.`,
        ];
        expect(urlProblem(`https://${hosts[form]}/`, [])).toBe("must lead to the public internet");
      }),
      RUNS,
    ));
});
