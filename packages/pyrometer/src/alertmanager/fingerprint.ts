/**
 * The name of an alert: a 64-bit FNV-1a hash of its labels, as 16 hexadecimal digits.
 *
 * The same labels have the same fingerprint in Prometheus and Alertmanager, so links and
 * silences made there keep working here.
 * Source: prometheus/common model.LabelSet.Fingerprint
 */
import type { Labels } from "../model/index.ts";

/** Ends a name or a value: a byte that UTF-8 never holds. */
const SEPARATOR = 0xff;

/** FNV's 64-bit prime is 2^40 + PRIME_LOW; the shift is done apart, in 32-bit halves. */
const PRIME_LOW = 0x1b3;
const BASIS_HIGH = 0xcbf29ce4;
const BASIS_LOW = 0x84222325;

const utf8 = new TextEncoder();

export function fingerprintOf(labels: Labels): string {
  let high = BASIS_HIGH;
  let low = BASIS_LOW;
  const add = (byte: number) => {
    low = (low ^ byte) >>> 0;
    const product = low * PRIME_LOW; // below 2^41: exact
    const carry = Math.floor(product / 2 ** 32);
    high = (Math.imul(high, PRIME_LOW) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  };
  for (const [name, value] of labels) {
    for (const byte of utf8.encode(name)) add(byte);
    add(SEPARATOR);
    for (const byte of utf8.encode(value)) add(byte);
    add(SEPARATOR);
  }
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}
