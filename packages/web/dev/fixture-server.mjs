/**
 * Serves the built app with made-up data, for looking at pages without a running Pyrometer:
 *   node dev/fixture-server.mjs [DASHBOARD_MODEL.json …]
 * Each file holds what GET /api/pyrometer/v1/dashboards/:uid answers. Prints its URL.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const WEB_DIR = fileURLToPath(new URL("../../pyrometer/dist/web/", import.meta.url));
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const details = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const startedMs = Date.now();
const active = new Set(["gpu-thermal"]);

const MODELS = ["resnet50", "bert-base"];
const GPUS = ["0", "1", "2", "3"];

/** Smooth noise in [-1, 1], the same for the same seed and moment. */
function wave(seed, timeS) {
  return (
    0.6 * Math.sin(timeS / 170 + seed * 2.1) +
    0.3 * Math.sin(timeS / 37 + seed) +
    0.1 * Math.sin(timeS * (seed + 3))
  );
}

/** Series for whatever an expression seems to ask: [labels, valueAt][]. */
function seriesOf(expr) {
  if (/le\)|_bucket/.test(expr) && !/quantile/.test(expr)) {
    const bounds = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "+Inf"];
    return bounds.map((le, i) => [
      { le },
      (t) => 40 * (1 / (1 + Math.exp(4 - i))) * (2 + wave(1, t)),
    ]);
  }
  if (/p50|p95|p99|quantile/.test(expr)) {
    const scale = /99/.test(expr) ? 0.21 : /95/.test(expr) ? 0.12 : 0.04;
    return MODELS.map((model_name, i) => [
      { model_name },
      (t) => scale * (1 + i * 0.3 + 0.2 * wave(i + scale * 100, t)),
    ]);
  }
  if (/accuracy/.test(expr)) {
    return MODELS.map((model_name, i) => [
      { model_name, version: "v2" },
      (t) => 0.94 - i * 0.03 + 0.008 * wave(i, t),
    ]);
  }
  if (/throughput|rate\(.*total/.test(expr)) {
    return MODELS.map((model_name, i) => [
      { model_name },
      (t) => 240 - i * 90 + 30 * wave(i + 7, t),
    ]);
  }
  if (/xid/i.test(expr))
    return GPUS.map((gpu) => [{ gpu, node: "node-a" }, () => (gpu === "2" ? 3 : 0)]);
  if (/memory_used|fb_used|FB_USED/.test(expr)) {
    return GPUS.map((gpu, i) => [{ gpu, node: "node-a" }, (t) => 38 + i * 18 + 6 * wave(i + 3, t)]);
  }
  if (/util|UTIL|temp|TEMP|power|POWER/i.test(expr)) {
    return GPUS.map((gpu, i) => [{ gpu, node: "node-a" }, (t) => 70 + i * 4 + 18 * wave(i + 5, t)]);
  }
  if (/nothing|absent/.test(expr)) return [];
  return [
    ["a", 1],
    ["b", 2],
  ].map(([instance, seed]) => [
    { __name__: "value", instance },
    (t) => 10 * seed + 4 * wave(seed, t),
  ]);
}

function answerQuery(form, isRange) {
  const expr = form.get("query") ?? "";
  const broken = expr.indexOf("!!");
  if (broken >= 0) {
    const error = `invalid parameter "query": 1:${broken + 1}: parse error: unexpected character: '!'`;
    return [400, { status: "error", errorType: "bad_data", error }];
  }
  const series = seriesOf(expr);
  if (!isRange) {
    const timeS = Number(form.get("time"));
    const result = series.map(([metric, at]) => ({ metric, value: [timeS, String(at(timeS))] }));
    return [200, { status: "success", data: { resultType: "vector", result } }];
  }
  const [start, end, step] = ["start", "end", "step"].map((name) => Number(form.get(name)));
  const result = series.map(([metric, at]) => {
    const values = [];
    for (let t = start; t <= end; t += step) values.push([t, String(at(t))]);
    return { metric, values };
  });
  return [200, { status: "success", data: { resultType: "matrix", result } }];
}

const SCENARIOS = [
  ["drift", "Data drift", "Inputs change; accuracy falls", "ModelAccuracyDegraded"],
  ["slow", "Slow model", "Each inference takes longer", "InferenceLatencyHigh"],
  ["errors", "Errors", "A share of the requests fails", "InferenceErrorRateHigh"],
  ["gpu-thermal", "GPU overheats", "A fan fails; the GPU throttles", "GpuThermalThrottling"],
  ["gpu-memory", "GPU memory leak", "Memory fills up", "GPUMemoryHigh"],
  ["xid", "XID error", "The driver reports a fault", "GpuXidError"],
];

const iso = (agoS) => new Date(Date.now() - agoS * 1000).toISOString();
const firing = () => ({
  labels: { alertname: "GpuThermalThrottling", gpu: "2", node: "node-a", severity: "warning" },
  annotations: {
    summary: "GPU 2 is throttled by heat",
    description: "GPU 2 on node-a is at 93 °C and runs at 61 % of its clock",
  },
});

function status() {
  return {
    version: "0.1.0",
    startedMs,
    externalUrl: "http://127.0.0.1:9090/",
    store: {
      kind: "memory",
      note: "in memory: history is lost on restart",
      seriesCount: 1284,
      sampleCount: 402113,
    },
    components: [
      { name: "scrape", state: "ok", detail: "4 targets in 3 jobs" },
      { name: "rules", state: "ok", detail: "14 rules in 3 groups" },
      { name: "alertmanager", state: "ok", detail: "3 receivers" },
      { name: "pagerduty-infra", state: "disabled", detail: "PAGERDUTY_KEY_INFRA is not set" },
    ],
    problems: [
      {
        severity: "warning",
        code: "config/not-yet",
        message: 'Cannot honour "remote_write" yet: it has no effect',
        file: "prometheus.yml",
        line: 14,
        column: 1,
        rendered:
          'prometheus.yml:14:1: Cannot honour "remote_write" yet: it has no effect\n14 | remote_write:\n     ^^^^^^^^^^^^',
      },
    ],
    demo: true,
    simulatedGpu: true,
    lastReload: { ok: true, atMs: startedMs },
  };
}

function rules() {
  const alerting = SCENARIOS.map(([name, , , expects]) => ({
    type: "alerting",
    name: expects,
    query: "gpu:memory_used_percent:5m > 95",
    duration: 20,
    health: "ok",
    labels: { severity: "warning" },
    annotations: {},
    state: active.has(name) ? "firing" : name === "slow" ? "pending" : "inactive",
    alerts: active.has(name)
      ? [{ ...firing(), state: "firing", activeAt: iso(90), value: "9.3e+01" }]
      : [],
  }));
  const recording = {
    type: "recording",
    name: "ml:inference_latency_p99:5m",
    query: "histogram_quantile(0.99, rate(ml_inference_latency_seconds_bucket[5m]))",
    health: "ok",
  };
  return {
    groups: [
      { name: "demo", file: "demo.rules.yml", interval: 5, rules: [recording, ...alerting] },
    ],
  };
}

const target = (job, port, health = "up") => ({
  scrapePool: job,
  scrapeUrl: `http://127.0.0.1:${port}/metrics`,
  labels: { job, instance: `127.0.0.1:${port}` },
  discoveredLabels: {},
  health,
  lastError: health === "down" ? "connect ECONNREFUSED 127.0.0.1:9400" : "",
  lastScrape: iso(2.4),
  lastScrapeDuration: 0.0042,
  scrapeInterval: "5s",
});

const inbox = () => [
  {
    id: 2,
    receivedMs: Date.now() - 41_000,
    receiver: "inbox",
    status: "firing",
    groupKey: "k",
    title: "[FIRING:1] GpuThermalThrottling",
    groupLabels: { alertname: "GpuThermalThrottling" },
    alerts: [{ ...firing(), status: "firing", startsAt: iso(60), endsAt: iso(0) }],
  },
  {
    id: 1,
    receivedMs: Date.now() - 400_000,
    receiver: "inbox",
    status: "resolved",
    groupKey: "k",
    title: "[RESOLVED] InferenceLatencyHigh resnet50",
    groupLabels: { alertname: "InferenceLatencyHigh" },
    alerts: [
      {
        labels: { alertname: "InferenceLatencyHigh", model_name: "resnet50" },
        annotations: { summary: "p99 latency spike for resnet50" },
        status: "resolved",
        startsAt: iso(900),
        endsAt: iso(400),
      },
    ],
  },
];

const silence = () => ({
  id: "5e2",
  matchers: [{ name: "node", value: "node-b", isRegex: false, isEqual: true }],
  startsAt: iso(600),
  endsAt: iso(-3600),
  createdBy: "mira",
  comment: "Node is being moved",
  status: { state: "active" },
});

const OWN = "/api/pyrometer/v1";

function answer(method, path, form) {
  const ok = (data) => [200, { status: "success", data }];
  if (path === "/api/v1/query_range") return answerQuery(form, true);
  if (path === "/api/v1/query") return answerQuery(form, false);
  if (path.startsWith("/api/v1/label/")) return ok(["alpha", "beta", "gamma"]);
  if (path === "/api/v1/targets") {
    return ok({
      activeTargets: [
        target("inference", 8000),
        target("gpu", 9400, "down"),
        target("pyrometer", 9090),
      ],
      droppedTargets: [{ discoveredLabels: {} }],
    });
  }
  if (path === "/api/v1/rules") return ok(rules());
  if (path === "/api/v2/silences") return [200, [silence()]];
  if (path === "/api/v2/alerts/groups") {
    const alert = {
      ...firing(),
      fingerprint: "f1",
      startsAt: iso(60),
      endsAt: iso(-60),
      status: { state: "active", silencedBy: [], inhibitedBy: [] },
    };
    return [
      200,
      [
        {
          labels: { alertname: "GpuThermalThrottling" },
          receiver: { name: "inbox" },
          alerts: [alert],
        },
      ],
    ];
  }
  if (path === `${OWN}/status`) return ok(status());
  if (path === `${OWN}/inbox`) return ok(inbox());
  if (path === `${OWN}/dashboards`) {
    return ok(
      details.map(({ dashboard }) => ({
        uid: dashboard.uid,
        title: dashboard.title,
        tags: dashboard.tags,
        folder: "",
        panelCount: dashboard.panels.length,
      })),
    );
  }
  if (path === `${OWN}/demo`) {
    return ok({
      scenarios: SCENARIOS.map(([name, title, description, expects]) => ({
        name,
        title,
        description,
        expects,
        active: active.has(name),
        startedMs: active.has(name) ? startedMs - 600_000 : undefined,
      })),
    });
  }
  if (method === "POST" && path.startsWith(`${OWN}/demo/scenarios/`)) {
    const name = path.split("/").at(-1);
    if (!active.delete(name)) active.add(name);
    return ok({});
  }
  const detail = details.find(({ dashboard }) => path === `${OWN}/dashboards/${dashboard.uid}`);
  if (detail) return ok(detail);
  return [404, { status: "error", errorType: "not_found", error: `Nothing at ${path}` }];
}

async function sendFile(response, path) {
  const file = normalize(path).replace(/^(\.\.[/\\])+/, "");
  const name = extname(file) === "" ? "index.html" : file;
  try {
    const body = await readFile(join(WEB_DIR, name));
    response.writeHead(200, {
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-security-policy":
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith("/api/")) return sendFile(response, url.pathname);
  let body = "";
  for await (const chunk of request) body += chunk;
  const form = body === "" ? url.searchParams : new URLSearchParams(body);
  const [code, data] = answer(request.method, url.pathname, form);
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(data));
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
