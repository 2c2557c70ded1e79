import { expect, test } from "vitest";
import {
  addressFlag,
  durationFlag,
  integerFlag,
  namesFlag,
  targetFlag,
  timeFlag,
} from "./flags.ts";

test.each([
  ["127.0.0.1:9090", { host: "127.0.0.1", port: 9090 }],
  [":0", { host: "0.0.0.0", port: 0 }],
  ["[::1]:80", { host: "::1", port: 80 }],
  ["localhost:65535", { host: "localhost", port: 65_535 }],
])("the address %s is read", (text, wanted) => {
  expect(addressFlag(text)).toEqual(wanted);
});

test.each(["9090", "localhost", "a:b", "x:70000", "http://x:1", "::1:80", ""])(
  "the address %j is refused, with the form wanted",
  (text) => {
    expect(() => addressFlag(text)).toThrow("wanted HOST:PORT");
  },
);

test("durations and whole numbers are read; nonsense names its fault", () => {
  expect(durationFlag("1m30s")).toBe(90_000);
  expect(() => durationFlag("5mm")).toThrow('unknown unit "mm"');
  expect(() => durationFlag("0")).toThrow("longer than 0s");
  expect(integerFlag("42")).toBe(42);
  expect(() => integerFlag("4.2")).toThrow("whole number");
});

test("targets add up; one without a job or with another scheme is refused", () => {
  const one = targetFlag("model=http://localhost:8000/metrics");
  const both = targetFlag("gpu=https://gpu:9400/metrics?collect=a", one);
  expect(both.map(({ job, url }) => `${job} ${url}`)).toEqual([
    "model http://localhost:8000/metrics",
    "gpu https://gpu:9400/metrics?collect=a",
  ]);
  expect(() => targetFlag("model=http://other/", one)).toThrow('job "model" is given twice');
  for (const text of ["http://x/", "a=ftp://x", "a=x:1", "=http://x"]) {
    expect(() => targetFlag(text)).toThrow("wanted JOB=URL");
  }
});

test("times are RFC 3339 or Unix seconds", () => {
  expect(timeFlag("1.5")).toBe(1_500);
  expect(timeFlag("1970-01-01T00:00:02Z")).toBe(2_000);
  expect(() => timeFlag("yesterday")).toThrow("RFC 3339");
});

test("names are split at commas and add up, each once", () => {
  expect(namesFlag("b, c,", namesFlag("a,b"))).toEqual(["a", "b", "c"]);
});
