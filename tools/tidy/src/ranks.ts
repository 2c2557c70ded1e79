/** Rooms import lower ranks only, through their doors; nothing below rank 6 reaches the world. */
import { posix } from "node:path";
import type { AstNode, Finding, SourceFile } from "./workspace.ts";
import { lineOf, walk } from "./workspace.ts";

export const RANKS: Readonly<Record<string, number>> = {
  std: 0,
  model: 1,
  exposition: 2,
  storage: 2,
  template: 2,
  config: 2,
  gpu: 4,
  scrape: 4,
  tsdb: 4,
  promql: 4,
  remote: 4,
  alertmanager: 4,
  dashboards: 4,
  rules: 5,
  api: 6,
  server: 7,
  demo: 8,
  cli: 9,
};

const ROOMS = "packages/pyrometer/src/";
const WEB = "packages/web/";
/** What the browser app may take from the server package: code that knows no Node. */
const WEB_MAY_IMPORT = /^packages\/pyrometer\/src\/(model|promql\/parser|dashboards)\//;
const WORLD_RANK = 6;

const WORLD_MODULES =
  /^(node:(fs|net|tls|http|https|http2|dns|dgram|child_process|worker_threads|os|process|timers)(\/.*)?|undici|fastify|pino)$/;
/** What reaches the world by name: functions called bare, and members. */
const WORLD_CALLS = new Map([
  ["fetch", "the network"],
  ["setTimeout", "a timer"],
  ["setInterval", "a timer"],
]);
const WORLD_MEMBERS = new Map([
  ["Date.now", "the clock"],
  ["performance.now", "the clock"],
  ["Math.random", "randomness"],
  ["process.env", "the environment"],
  ["process.argv", "the environment"],
  ["process.cwd", "the environment"],
  ["process.exit", "the process"],
]);

export function checkRanks(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file) => [...checkImports(file), ...checkWorld(file)]);
}

function checkImports(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  for (const { specifier, offset } of importsOf(file)) {
    const message = importFault(file, specifier);
    if (message) findings.push({ path: file.path, line: lineOf(file.text, offset), message });
  }
  return findings;
}

function importFault(file: SourceFile, specifier: string): string | undefined {
  const room = roomOf(file.path);
  if (!specifier.startsWith(".")) {
    const isWorld = room !== undefined && isBelowWorld(file, room) && WORLD_MODULES.test(specifier);
    return isWorld
      ? `imports ${specifier} outside an io/ folder, below rank ${WORLD_RANK}`
      : undefined;
  }
  const target = posix.join(posix.dirname(file.path), specifier);
  if (file.path.startsWith(WEB) && target.startsWith(ROOMS) && !WEB_MAY_IMPORT.test(target)) {
    return `web imports ${target}; it may take model, promql/parser and dashboards only`;
  }
  const targetRoom = roomOf(target);
  if (room === undefined || targetRoom === undefined || room === targetRoom) return undefined;
  const rank = RANKS[room];
  const targetRank = RANKS[targetRoom];
  if (rank === undefined || targetRank === undefined)
    return `room ${room} or ${targetRoom} has no rank`;
  if (targetRank >= rank) {
    return `${room} (rank ${rank}) imports ${targetRoom} (rank ${targetRank}); only lower ranks may be imported`;
  }
  const isDoor = target === `${ROOMS}${targetRoom}/index.ts`;
  const isTestkit = file.isTest && target.startsWith(`${ROOMS}${targetRoom}/testkit/`);
  return isDoor || isTestkit ? undefined : `imports ${target} past the door ${targetRoom}/index.ts`;
}

function checkWorld(file: SourceFile): Finding[] {
  const room = roomOf(file.path);
  if (room === undefined || !isBelowWorld(file, room)) return [];
  const findings: Finding[] = [];
  walk(file.program, (node) => {
    const what = worldOf(node);
    if (what === undefined) return;
    const message = `reaches ${what} outside an io/ folder, below rank ${WORLD_RANK}; pass it in`;
    findings.push({ path: file.path, line: lineOf(file.text, node.start), message });
  });
  return findings;
}

function worldOf(node: AstNode): string | undefined {
  const callee = node.callee as AstNode | undefined;
  if (node.type === "CallExpression" && callee?.type === "Identifier") {
    return WORLD_CALLS.get(String(callee.name));
  }
  if (node.type === "NewExpression" && callee?.name === "Date") {
    return (node.arguments as AstNode[]).length === 0 ? "the clock" : undefined;
  }
  if (node.type !== "MemberExpression") return undefined;
  const { object, property } = node as { object?: AstNode; property?: AstNode };
  return WORLD_MEMBERS.get(`${object?.name}.${property?.name}`);
}

function isBelowWorld(file: SourceFile, room: string): boolean {
  return !file.isTest && (RANKS[room] ?? 0) < WORLD_RANK && !file.path.includes("/io/");
}

function roomOf(path: string): string | undefined {
  return path.startsWith(ROOMS) ? path.slice(ROOMS.length).split("/")[0] : undefined;
}

function importsOf({ program }: SourceFile): { specifier: string; offset: number }[] {
  const found: { specifier: string; offset: number }[] = [];
  walk(program, (node) => {
    if (!/^(Import|Export(Named|All))(Declaration|Expression)$/.test(node.type)) return;
    const source = node.source as AstNode | null;
    if (source && typeof source.value === "string") {
      found.push({ specifier: source.value, offset: node.start });
    }
  });
  return found;
}
