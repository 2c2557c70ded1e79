import fc from "fast-check";
import { expect, test } from "vitest";
import { parseUrl, parseYaml, quoted, redactedYaml } from "./index.ts";

const redact = (text: string) => redactedYaml(parseYaml({ name: "a.yml", text }));

test("secrets are masked wherever they stand, and the rest is kept to the letter", () => {
  const text = `# a comment
scrape_configs:
  - job_name: a   # kept
    basic_auth: {username: ann, password: "p4ss"}
    authorization:
      credentials: abc
      credentials_file: token.txt
    tls_config:
      key: |
        -----BEGIN-----
        secret
      key_file: k.pem
    oauth2: {client_id: id, client_secret: s3}
    http_headers:
      X-Token: {values: [one, two], secrets: [three]}
receivers:
  - slack_configs:
      - api_url: https://hooks.slack.example/T0/B0/x
        channel: '#ops'
    pagerduty_configs: [{service_key: k1, routing_key: k2}]
    webhook_configs: [{url: "http://hook/abc", bot_token: b, bot_token_file: f}]
`;
  const shown = redact(text);
  expect(shown).toBe(`# a comment
scrape_configs:
  - job_name: a   # kept
    basic_auth: {username: ann, password: <secret>}
    authorization:
      credentials: <secret>
      credentials_file: token.txt
    tls_config:
      key: <secret>
      key_file: k.pem
    oauth2: {client_id: id, client_secret: <secret>}
    http_headers:
      X-Token: {values: [<secret>, <secret>], secrets: [<secret>]}
receivers:
  - slack_configs:
      - api_url: <secret>
        channel: '#ops'
    pagerduty_configs: [{service_key: <secret>, routing_key: <secret>}]
    webhook_configs: [{url: <secret>, bot_token: <secret>, bot_token_file: f}]
`);
});

test("no secret shows, whatever it looks like", () => {
  const secret = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(secret, fc.constantFrom("password", "bot_token", "credentials"), (text, key) => {
      const yaml = `a:\n  - {${key}: ${JSON.stringify(text)}, b: 1}\n  - c: 2 # kept\n`;
      expect(redact(yaml)).toBe(`a:\n  - {${key}: <secret>, b: 1}\n  - c: 2 # kept\n`);
    }),
  );
});

test("a secret behind an alias is masked where it is written", () => {
  expect(redact("x: &pw hunter2\na: {password: *pw}\nb: {password: *pw}\n")).toBe(
    "x: &pw <secret>\na: {password: <secret>}\nb: {password: <secret>}\n",
  );
  expect(redact("x: &auth {user: ann, password: pw}\na: *auth\n")).toBe(
    "x: &auth {user: ann, password: <secret>}\na: *auth\n",
  );
});

test("a password inside a URL is masked", () => {
  expect(redact("proxy_url: http://ann:p4ss@proxy:3128/\n")).toBe(
    "proxy_url: http://ann:<secret>@proxy:3128/\n",
  );
});

test("a broken file is masked as far as it was read", () => {
  expect(redact("password: [hunter2\n")).not.toContain("hunter2");
});

test("URLs are read as Go reads them", () => {
  const refused = (text: string) => {
    const parsed = parseUrl(text);
    return "problem" in parsed ? parsed.problem : parsed;
  };
  expect(refused("https://ann:pw@Host:80/p?q")).toEqual({ scheme: "https", host: "Host:80" });
  expect(refused("localhost:9090")).toEqual({ scheme: "localhost", host: "" });
  expect(refused("30")).toEqual({ scheme: "", host: "" });
  expect(refused("://x")).toBe('parse "://x": missing protocol scheme');
  expect(refused("127.0.0.1:80")).toContain("first path segment in URL cannot contain colon");
  expect(refused("http://h:port/")).toBe('parse "http://h:port/": invalid port ":port" after host');
});

test("bytes that are no UTF-8 are quoted as such", () => {
  const { value } = parseYaml({ name: "a.yml", text: 'a: !!binary "/w=="\nb: !!binary "aGk="\n' });
  expect(value).toEqual({ a: "\udcff", b: "hi" });
  expect(quoted((value as { a: string }).a)).toBe('"\\xff"');
});
