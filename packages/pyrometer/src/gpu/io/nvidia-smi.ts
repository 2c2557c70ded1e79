/**
 * Reads GPUs through nvidia-smi, which every machine with the driver has: no library to bind, and
 * a driver that hangs takes a child process with it, not us.
 *
 * It cannot tell XIDs, energy or PCIe replays; those stay absent.
 */
import { execFile } from "node:child_process";
import { hostname } from "node:os";
import type { Clock } from "../../std/index.ts";
import { NVIDIA_SMI_OUTPUT_BYTES_MAX, UNKNOWN_FIELDS_MAX } from "../limits.ts";
import { parseQueryCsv, QUERY_FIELDS, unknownField } from "../nvidia-smi-csv.ts";
import type { GpuSnapshot, GpuSource } from "../snapshot.ts";
import { GpuSourceError } from "../snapshot.ts";

export interface NvidiaSmiOptions {
  readonly clock: Clock;
  /** The program; found on the PATH unless it says where. */
  readonly command?: string;
  /** $NODE_NAME, else the host's name, unless said. */
  readonly nodeName?: string;
  /** After this the process is killed. A wedged driver makes nvidia-smi hang for good. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5000;

export function createNvidiaSmiSource(options: NvidiaSmiOptions): GpuSource {
  const { clock, command = "nvidia-smi", timeoutMs = TIMEOUT_MS } = options;
  const nodeName = options.nodeName ?? process.env.NODE_NAME ?? hostname();
  let fields = QUERY_FIELDS;

  async function query(signal: AbortSignal | undefined): Promise<string> {
    for (let attempt = 0; attempt <= UNKNOWN_FIELDS_MAX; attempt++) {
      const names = fields.map((field) => field.name).join(",");
      const args = [`--query-gpu=${names}`, "--format=csv,noheader,nounits"];
      const outcome = await runProgram({ command, args, timeoutMs, signal });
      if (outcome.kind === "done") return outcome.stdout;
      const unknown = unknownField(outcome.stdout);
      const rest = fields.filter((field) => field.name !== unknown);
      if (unknown === undefined || rest.length === fields.length) throw outcome.error;
      fields = rest;
    }
    const problem = `Cannot query "${command}": it refuses more than ${UNKNOWN_FIELDS_MAX} fields`;
    throw new GpuSourceError("gpu/failed", problem);
  }

  return {
    name: "nvidia-smi",
    simulated: false,
    async read(signal): Promise<GpuSnapshot> {
      const { gpus, driverVersion } = parseQueryCsv(await query(signal), fields);
      const takenMs = clock.nowMs();
      return driverVersion === undefined
        ? { takenMs, nodeName, gpus }
        : { takenMs, nodeName, driverVersion, gpus };
    },
  };
}

/** The real GPUs of this machine, when there are any that answer. */
export async function detectGpuSource(options: NvidiaSmiOptions): Promise<GpuSource | undefined> {
  const source = createNvidiaSmiSource(options);
  try {
    const { gpus } = await source.read();
    return gpus.length > 0 ? source : undefined;
  } catch (error) {
    if (error instanceof GpuSourceError) return undefined;
    throw error;
  }
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

type Outcome =
  | { readonly kind: "done"; readonly stdout: string }
  | { readonly kind: "failed"; readonly stdout: string; readonly error: GpuSourceError };

function runProgram({ command, args, timeoutMs, signal }: Program): Promise<Outcome> {
  const options = {
    timeout: timeoutMs,
    killSignal: "SIGKILL" as const, // a process stuck in the driver does not hear SIGTERM
    maxBuffer: NVIDIA_SMI_OUTPUT_BYTES_MAX,
    ...(signal && { signal }),
  };
  return new Promise((resolve) => {
    execFile(command, args, options, (cause, stdout) => {
      if (!cause) return resolve({ kind: "done", stdout });
      resolve({
        kind: "failed",
        stdout,
        error: toSourceError(cause, { command, timeoutMs, stdout }),
      });
    });
  });
}

interface Failure {
  readonly command: string;
  readonly timeoutMs: number;
  readonly stdout: string;
}

function toSourceError(
  cause: Error & { code?: string | number | null; killed?: boolean },
  { command, timeoutMs, stdout }: Failure,
): GpuSourceError {
  if (cause.code === "ENOENT" || cause.code === "EACCES") {
    const problem = `Cannot run "${command}": not found or not executable, expected it on the PATH`;
    return new GpuSourceError("gpu/not-found", problem, { cause });
  }
  if (cause.killed && cause.code === null) {
    const problem = `Cannot query "${command}": no answer in ${timeoutMs} ms, killed`;
    return new GpuSourceError("gpu/timeout", problem, { cause });
  }
  const said = stdout.trim().split("\n")[0] ?? "";
  const problem = `Cannot query "${command}": ${said === "" ? cause.message.trim() : said}`;
  return new GpuSourceError("gpu/failed", problem, { cause });
}
