import { addressBytes } from "./address-bytes.ts";

type Block = readonly [network: string, prefixBits: number];

/**
 * Blocks of IPv4 that are not of the public internet, or relay to what is not.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const V4_REFUSED: readonly Block[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  // Shared by carriers behind their own translation.
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Link-local; the metadata services of clouds are in it.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  // Relay of 6to4.
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, reserved, broadcast.
  ["224.0.0.0", 3],
];

/**
 * The only block of IPv6 that is public. Outside of it are loopback, mapped and translated IPv4 (`::ffff:0:0/96`, `64:ff9b::/96`),
 * unique-local, link-local and multicast addresses.
 * @see https://www.iana.org/assignments/ipv6-address-space
 */
const V6_PUBLIC: Block = ["2000::", 3];

/** @see https://www.iana.org/assignments/iana-ipv6-special-registry */
const V6_REFUSED: readonly Block[] = [
  // Assignments of the IETF, among them Teredo, which carries IPv4 addresses.
  ["2001::", 23],
  ["2001:db8::", 32],
  // 6to4 carries IPv4 addresses.
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const isIn = (bytes: readonly number[], [network, prefixBits]: Block): boolean => {
  const block = addressBytes(network) ?? [];
  if (block.length !== bytes.length) return false;
  return block.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixBits - 8 * index));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((bytes[index] ?? 0) & mask);
  });
};

/**
 * Whether an IP address is one of the public internet, where a stranger's endpoint may be. What is no address is not.
 * @param address without brackets
 */
export const isPublicAddress = (address: string): boolean => {
  const bytes = addressBytes(address);
  if (!bytes) return false;
  if (bytes.length === 4) return !V4_REFUSED.some((block) => isIn(bytes, block));
  return isIn(bytes, V6_PUBLIC) && !V6_REFUSED.some((block) => isIn(bytes, block));
};
