/**
 * The demo's directory: the files that lie in demo/ of this package, standard ones, with the
 * addresses that this run has.
 *
 * They are written for the usual ports and work as they are; only the addresses are replaced, so
 * that what a newcomer reads is what any Prometheus and Alertmanager would take.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Beside dist/ and src/ alike. */
const TEMPLATES = fileURLToPath(new URL("../../../demo/", import.meta.url));

/** What the files say, by who listens there. */
const USUAL_ADDRESSES = {
  server: "127.0.0.1:9090",
  "ml-inference": "127.0.0.1:8000",
  "dcgm-exporter": "127.0.0.1:9400",
} as const;

/** In titles; taken out where the GPUs are real. */
const SIMULATED_MARK = " (simulated)";

export interface DemoFilesOptions {
  readonly metricsTargets: readonly { readonly job: string; readonly url: string }[];
  /** Where this server is reached, without a path: http://127.0.0.1:9090 */
  readonly serverUrl: string;
  /** Panels of GPUs then say so. */
  readonly isGpuSimulated: boolean;
}

export interface DemoFile {
  /** Relative to the demo's directory. */
  readonly path: string;
  readonly text: string;
}

/** prometheus.yml, rules, alertmanager.yml and dashboards of this run. */
export async function demoFiles(options: DemoFilesOptions): Promise<readonly DemoFile[]> {
  const entries = await readdir(TEMPLATES, { recursive: true });
  const paths = entries.filter((path) => /\.(ya?ml|json)$/.test(path)).sort();
  const files = paths.map(async (path) => {
    const text = await readFile(join(TEMPLATES, path), "utf8");
    const labelled = options.isGpuSimulated ? text : text.replaceAll(SIMULATED_MARK, "");
    return { path, text: withAddresses(labelled, options) };
  });
  return Promise.all(files);
}

/** Writes them, over those that are there: a demo starts the same each time. */
export async function writeDemoFiles(directory: string, options: DemoFilesOptions): Promise<void> {
  for (const { path, text } of await demoFiles(options)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function withAddresses(text: string, { metricsTargets, serverUrl }: DemoFilesOptions): string {
  const actual = [{ job: "server", url: serverUrl }, ...metricsTargets];
  const replacements = new Map<string, string>(
    Object.entries(USUAL_ADDRESSES).flatMap(([name, usual]) => {
      const target = actual.find(({ job }) => job === name);
      return target ? [[usual, new URL(target.url).host] as const] : [];
    }),
  );
  // One pass: a port that one part got may be another's usual one.
  return text.replace(/127\.0\.0\.1:\d+/g, (address) => replacements.get(address) ?? address);
}
