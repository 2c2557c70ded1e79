/** Alertmanager's own configuration cases, where they are there to be read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { loadAlertmanagerConfig } from "./load.ts";

interface ConfigCase {
  readonly test: string;
  readonly config?: string;
  readonly file?: string;
  readonly error: string | null;
  readonly error_contains?: string;
  readonly error_any?: boolean;
}

interface ReceiverCase {
  readonly test: string;
  readonly receiver_kind: string;
  readonly yaml: string;
  readonly error: string | boolean | null;
}

const root = conformanceDir();
const dir = root === undefined ? "" : join(root, "alertmanager");

function readJson<T>(path: string): T | undefined {
  return root === undefined ? undefined : (JSON.parse(readFileSync(join(dir, path), "utf8")) as T);
}

function check(text: string) {
  const loaded = loadAlertmanagerConfig({ name: "alertmanager.yml", text }, { environment: {} });
  return { ...loaded, problems: loaded.errors.map(({ message }) => message).join("\n") };
}

const configCases = readJson<ConfigCase[]>("cases/config.json") ?? [];

describe.runIf(root)("configuration cases", () => {
  test.each(configCases.map((one, index) => [`${index} ${one.test}`, one] as const))(
    "%s",
    (_name, one) => {
      const text = one.config ?? (one.file ? readFileSync(join(dir, one.file), "utf8") : "");
      const { problems, value } = check(text);
      const wanted = one.error ?? one.error_contains;
      if (one.error_any) return expect(problems).not.toBe("");
      if (wanted === undefined || wanted === null) {
        expect(problems).toBe("");
        expect(value).toBeDefined();
        return;
      }
      // Go's YAML reader wraps its faults; ours have a place instead.
      expect(problems).toContain(wanted.replace(/^yaml: unmarshal errors:\n {2}line \d+: /, ""));
    },
  );
});

const receiverCases = readJson<ReceiverCase[]>("cases/receivers.json") ?? [];

/** Enough around an integration that nothing else is amiss. */
function around(kind: string, yaml: string): string {
  const body = yaml.trim().replaceAll("\n", "\n      ");
  return `
global: {smtp_smarthost: "a:25", smtp_from: b, slack_api_url: "http://slack", opsgenie_api_key: k}
route: {receiver: r}
receivers:
  - name: r
    ${kind}:
    - ${body}
`;
}

describe.runIf(root)("receiver cases", () => {
  test.each(receiverCases.map((one, index) => [`${index} ${one.test}`, one] as const))(
    "%s",
    (_name, { receiver_kind: kind, yaml, error }) => {
      const { problems } = check(around(kind, yaml));
      if (error === true) expect(problems).not.toBe("");
      else if (typeof error === "string") expect(problems).toContain(error);
      // Alone these are whole; in a file they may still miss what only a file can give.
      else expect(problems.replace(/.*(global|bot_token|sigv4|missing chat_id).*/g, "")).toBe("");
    },
  );
});

const BAD =
  /\.bad\.yml$|conf\.(.*both.*|.*no-.*|slack-update.*|nil-.*|opsgenie-default-apikey-old.*|sns-invalid|smtp-both.*)\.yml$/;

/** Names in their names; these load all the same. */
const GOOD = /no-username/;

function filesBelow(path: string): string[] {
  return readdirSync(join(dir, path)).map((name) => join(path, name));
}

const files = root ? ["real", "testdata/config", "testdata/cli"].flatMap(filesBelow) : [];

describe.runIf(root)("whole files", () => {
  test.each(files)("%s", (path) => {
    const { problems } = check(readFileSync(join(dir, path), "utf8"));
    const isBad = BAD.test(path) && !GOOD.test(path);
    if (isBad) expect(problems).not.toBe("");
    else expect(problems).toBe("");
  });

  test.each(files)("%s: what may be shown of it loads as well", (path) => {
    const { value } = check(readFileSync(join(dir, path), "utf8"));
    if (value) expect(check(value.original).problems).toBe("");
  });
});

interface FieldCase {
  readonly in?: string;
  readonly input?: string;
  readonly err?: boolean;
  readonly expectError?: boolean;
  readonly errorMsg?: string;
}

describe.runIf(root)("single fields", () => {
  for (const one of readJson<FieldCase[]>("cases/hostport.json") ?? []) {
    test(`host and port ${one.in}`, () => {
      const global = `global: {smtp_smarthost: ${one.in}}\n`;
      const { problems } = check(`${global}route: {receiver: r}\nreceivers: [{name: r}]\n`);
      expect(problems !== "").toBe(one.err === true);
    });
  }

  for (const one of readJson<FieldCase[]>("cases/secret-template-url.json") ?? []) {
    test(`webhook URL ${one.input}`, () => {
      const { problems } = check(around("webhook_configs", `url: ${one.input}`));
      if (one.expectError) expect(problems).toContain(one.errorMsg);
      else expect(problems.replace(/.*one of url or url_file.*/, "")).toBe("");
    });
  }
});
