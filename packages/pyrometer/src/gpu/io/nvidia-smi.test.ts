/** Against a script that plays nvidia-smi. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { VirtualClock } from "../../std/index.ts";
import { createNvidiaSmiSource, detectGpuSource } from "./nvidia-smi.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "nvidia-smi-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

let scriptCount = 0;

function source(script: string, timeoutMs = 5000) {
  scriptCount += 1;
  const command = join(dir, `nvidia-smi-${scriptCount}`);
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  const clock = new VirtualClock(42_000);
  return createNvidiaSmiSource({ clock, command, nodeName: "n", timeoutMs });
}

const H100_ROW =
  "0, GPU-604ac76c, NVIDIA H100 80GB HBM3, 00000000:1a:00.0, 550.54.15, 97, 55, 0, 0, 40960, 40048, 551, 66, 71, 631.34, 1980, 2619, 0x0000000000000004, 0x0000000000000004, [N/A], 0, 0";
const BARE_ROW =
  "1, GPU-b9f9e81b, NVIDIA GeForce, 00000000:40:00.0, 550.54.15, [N/A], [N/A], [N/A], [N/A], 10, 20, [N/A], 40, N/A, [Not Supported], [Unknown Error], 405, [N/A], 0x0, 30, [N/A], [N/A]";

test("readings become our units; what is not there is absent, never 0", async () => {
  const { gpus, ...rest } = await source(`cat <<'END'\n${H100_ROW}\n${BARE_ROW}\nEND`).read();
  expect(rest).toEqual({ takenMs: 42_000, nodeName: "n", driverVersion: "550.54.15" });
  expect(gpus[0]).toEqual({
    index: 0,
    uuid: "GPU-604ac76c",
    name: "NVIDIA H100 80GB HBM3",
    pciBusId: "00000000:1A:00.0",
    utilizationPercent: 97,
    memoryCopyPercent: 55,
    encoderPercent: 0,
    decoderPercent: 0,
    memoryUsedBytes: 40960 * 2 ** 20,
    memoryFreeBytes: 40048 * 2 ** 20,
    memoryReservedBytes: 551 * 2 ** 20,
    temperatureCelsius: 66,
    memoryTemperatureCelsius: 71,
    powerWatts: 631.34,
    smClockMhz: 1980,
    memoryClockMhz: 2619,
    clockReasons: 4,
    eccCorrectedCount: 0,
    eccUncorrectedCount: 0,
  });
  expect(gpus[1]).toEqual({
    index: 1,
    uuid: "GPU-b9f9e81b",
    name: "NVIDIA GeForce",
    pciBusId: "00000000:40:00.0",
    memoryUsedBytes: 10 * 2 ** 20,
    memoryFreeBytes: 20 * 2 ** 20,
    temperatureCelsius: 40,
    memoryClockMhz: 405,
    clockReasons: 0,
    fanPercent: 30,
  });
});

test("a bad row does not hide the good ones; an answer without any is refused", async () => {
  const lost = "Unable to determine the device handle for GPU1: GPU is lost";
  const { gpus } = await source(`cat <<'END'\n${lost}\n${H100_ROW}\n1, 2, 3\nEND`).read();
  expect(gpus.map(({ index }) => index)).toEqual([0]);
  await expect(source(`echo 'hello, world'`).read()).rejects.toMatchObject({
    code: "gpu/bad-output",
    message: `Cannot read nvidia-smi's answer "hello, world": expected 22 values`,
  });
});

test("a field that this nvidia-smi does not know is given up, and the rest is read", async () => {
  const old = source(`case "$1" in
*clocks_event_reasons.active*)
  echo 'Field "clocks_event_reasons.active" is not a valid field to query.'; exit 2;;
esac
echo '${H100_ROW.replace("0x0000000000000004, ", "")}'`);
  expect((await old.read()).gpus[0]).toMatchObject({ clockReasons: 4, smClockMhz: 1980 });
  expect((await old.read()).gpus).toHaveLength(1);
});

test("a hung process is killed", async () => {
  const startedMs = performance.now();
  await expect(source("exec sleep 60", 200).read()).rejects.toMatchObject({
    code: "gpu/timeout",
    message: expect.stringMatching(/no answer in 200 ms, killed$/),
  });
  expect(performance.now() - startedMs).toBeLessThan(5000);
});

test("failures say what nvidia-smi said", async () => {
  const broken = source(
    "echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18",
  );
  await expect(broken.read()).rejects.toMatchObject({
    code: "gpu/failed",
    message: expect.stringContaining("Driver/library version mismatch"),
  });
});

test("detection finds a source only where one answers with GPUs", async () => {
  const clock = new VirtualClock();
  expect(await detectGpuSource({ clock, command: join(dir, "nowhere") })).toBeUndefined();
  source("echo 'No devices were found'");
  const none = { clock, command: join(dir, `nvidia-smi-${scriptCount}`) };
  expect(await detectGpuSource(none)).toBeUndefined();
  source(`echo '${H100_ROW}'`);
  const one = { clock, command: join(dir, `nvidia-smi-${scriptCount}`) };
  expect((await detectGpuSource(one))?.name).toBe("nvidia-smi");
});
