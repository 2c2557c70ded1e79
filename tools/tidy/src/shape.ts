/** Names that carry units, short functions and files, few positional parameters, no default export. */
import type { AstNode, Finding, SourceFile } from "./workspace.ts";
import { lineOf, walk } from "./workspace.ts";

export const LINES_PER_FUNCTION_MAX = 70;
export const LINES_PER_FILE_MAX = 600;
const POSITIONAL_PARAMETERS_MAX = 3;

/** Quantities that mean nothing without a unit. Spans' start and end are counted in characters. */
const NEEDS_UNIT =
  /(timeout|interval|delay|duration|ttl|retention|lookback|period|elapsed|deadline|uptime|latency)$/i;

export function checkShape(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file) => {
    const findings: Finding[] = [];
    // Who calls a function chooses its parameters: callbacks are not ours to shape.
    const callbacks = new Set<AstNode>();
    const add = (node: AstNode, message: string) =>
      findings.push({ path: file.path, line: lineOf(file.text, node.start), message });
    walk(file.program, (node) => {
      if (node.type === "ExportDefaultDeclaration" && !file.path.endsWith(".config.ts")) {
        add(node, "default export; give it a name");
      }
      if (node.type === "CallExpression" || node.type === "NewExpression") {
        for (const callback of node.arguments as AstNode[]) callbacks.add(callback);
      }
      if (isFunction(node) && !callbacks.has(node)) checkParameters(node, add);
      const name = numberNameOf(node);
      if (name && NEEDS_UNIT.test(name))
        add(node, `"${name}" is a number without a unit: name it, as in "${name}Ms", or its type`);
    });
    return findings;
  });
}

/** Sizes over the limits, keyed as in ratchet.json: "path" for files, "path:name" for functions. */
export function oversizes(files: readonly SourceFile[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const file of files) {
    if (file.isTest) continue;
    const lineCount = file.text.split("\n").length - 1;
    if (lineCount > LINES_PER_FILE_MAX) sizes.set(file.path, lineCount);
    walk(file.program, (node) => {
      if (!isFunction(node) || node.body === null) return;
      const lines = file.text.slice(node.start, node.end).split("\n").length;
      if (lines > LINES_PER_FUNCTION_MAX) sizes.set(`${file.path}:${nameOf(node, file)}`, lines);
    });
  }
  return sizes;
}

/** Sizes may only go down; whatever is new must be under the limit. */
export function checkRatchet(
  sizes: ReadonlyMap<string, number>,
  ratchet: Readonly<Record<string, number>>,
): Finding[] {
  const findings: Finding[] = [];
  for (const [key, lines] of sizes) {
    const allowed = ratchet[key];
    if (allowed !== undefined && lines <= allowed) continue;
    const limit = key.includes(":") ? LINES_PER_FUNCTION_MAX : LINES_PER_FILE_MAX;
    const message = `${key} has ${lines} lines; at most ${allowed ?? limit}`;
    findings.push({ path: key.split(":")[0] ?? key, line: 1, message });
  }
  for (const key of Object.keys(ratchet)) {
    if (sizes.has(key)) continue;
    findings.push({
      path: "tools/tidy/ratchet.json",
      line: 1,
      message: `${key} is small now: remove it`,
    });
  }
  return findings;
}

function isFunction(node: AstNode): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

function checkParameters(node: AstNode, add: (node: AstNode, message: string) => void): void {
  const parameters = (node.params as AstNode[] | undefined) ?? [];
  const positional = parameters.filter((parameter) => parameter.type !== "RestElement");
  if (positional.length > POSITIONAL_PARAMETERS_MAX) {
    add(
      node,
      `${positional.length} positional parameters; more than ${POSITIONAL_PARAMETERS_MAX} go into an options object`,
    );
  }
}

/** The name of a parameter, property or variable declared as `number`. */
function numberNameOf(node: AstNode): string | undefined {
  const annotation = (node.typeAnnotation as AstNode | null | undefined)?.typeAnnotation as
    | AstNode
    | undefined;
  if (annotation?.type !== "TSNumberKeyword") return undefined;
  if (node.type === "Identifier") return String(node.name);
  const key = node.key as AstNode | undefined;
  const isNamed = node.type === "TSPropertySignature" || node.type === "PropertyDefinition";
  return isNamed && (key?.type === "Identifier" || key?.type === "PrivateIdentifier")
    ? String(key.name)
    : undefined;
}

function nameOf(node: AstNode, file: SourceFile): string {
  const id = node.id as AstNode | null | undefined;
  if (id) return String(id.name);
  const before = file.text.slice(Math.max(0, node.start - 80), node.start);
  return (
    /(#?\w+)\s*(?:[:=]\s*|\s*)(?:async\s*)?$/.exec(before)?.[1] ??
    `line${lineOf(file.text, node.start)}`
  );
}
