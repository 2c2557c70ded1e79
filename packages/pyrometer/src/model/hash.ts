/**
 * Prometheus' hash of a label set: xxHash64 over its own encoding of labels. Where Prometheus
 * decides by it which series to take, we must take the same.
 * Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md; Prometheus 3.14,
 * model/labels/labels_stringlabels.go
 */
import type { Labels } from "./labels.ts";

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const STRIPE_BYTES = 32;

/** BigInts make this slow, some microseconds a series; nothing on a hot path asks for it. */
export function hashLabels(labels: Labels): bigint {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const pair of labels) {
    for (const text of pair) {
      const encoded = encoder.encode(text);
      bytes.push(...lengthBytes(encoded.length), ...encoded);
    }
  }
  return xxHash64(Uint8Array.from(bytes));
}

/** One byte up to 254; else 255 and three bytes, low first. */
function lengthBytes(length: number): number[] {
  return length < 255 ? [length] : [255, length & 255, (length >> 8) & 255, length >> 16];
}

/** With seed 0. */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash = PRIME_5;
  if (bytes.length >= STRIPE_BYTES) {
    const lanes = [u64(PRIME_1 + PRIME_2), PRIME_2, 0n, u64(-PRIME_1)];
    for (; at + STRIPE_BYTES <= bytes.length; at += STRIPE_BYTES) {
      for (const [i, lane] of lanes.entries()) {
        lanes[i] = round(lane, view.getBigUint64(at + i * 8, true));
      }
    }
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    for (const lane of lanes) hash = u64((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4);
  }
  hash = u64(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) {
    const mixed = hash ^ round(0n, view.getBigUint64(at, true));
    hash = u64(rotate(mixed, 27n) * PRIME_1 + PRIME_4);
  }
  if (at + 4 <= bytes.length) {
    const mixed = hash ^ u64(BigInt(view.getUint32(at, true)) * PRIME_1);
    hash = u64(rotate(mixed, 23n) * PRIME_2 + PRIME_3);
    at += 4;
  }
  for (; at < bytes.length; at++) {
    const mixed = hash ^ u64(BigInt(bytes[at]!) * PRIME_5);
    hash = u64(rotate(mixed, 11n) * PRIME_1);
  }
  return avalanche(hash);
}

function round(lane: bigint, input: bigint): bigint {
  return u64(rotate(u64(lane + u64(input * PRIME_2)), 31n) * PRIME_1);
}

function avalanche(hash: bigint): bigint {
  let mixed = u64((hash ^ (hash >> 33n)) * PRIME_2);
  mixed = u64((mixed ^ (mixed >> 29n)) * PRIME_3);
  return mixed ^ (mixed >> 32n);
}

function rotate(value: bigint, bits: bigint): bigint {
  return u64((value << bits) | (value >> (64n - bits)));
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
