/**
 * Walks a template's tree over its data, as Go's text/template/exec does: same order of evaluation,
 * same errors at the same places.
 *
 * Everything is awaited, as any function may be asynchronous (`query`); a step costs a microtask.
 */
import type { Source } from "../std/index.ts";
import { assert } from "../std/index.ts";
import type {
  ArgNode,
  BranchNode,
  ChainNode,
  CommandNode,
  IdentifierNode,
  ListNode,
  Node,
  PipeNode,
  TemplateNode,
  VariableNode,
} from "./ast.ts";
import { printContext } from "./ast.ts";
import { builtins, printResult } from "./builtins.ts";
import type { TemplateErrorCode } from "./errors.ts";
import { ArgumentError, TemplateError } from "./errors.ts";
import type { TemplateLimits } from "./limits.ts";
import { methodOf } from "./methods.ts";
import { SafeText } from "./safe-text.ts";
import type { TemplateFunction, TemplateValue } from "./value.ts";
import {
  entriesOf,
  isList,
  isMap,
  isOpaque,
  isRecord,
  isStruct,
  isTextMap,
  isTrue,
  typeName,
} from "./value.ts";

export type MissingKey = "default" | "zero" | "error";

export type Functions = Readonly<Record<string, TemplateFunction>>;

export interface Template {
  readonly name: string;
  readonly source: Source;
  readonly root: ListNode;
}

export interface Environment {
  readonly templates: ReadonlyMap<string, Template>;
  readonly functions: Functions;
  /** Come before `functions`. Kept apart: merging would cost more than most templates do. */
  readonly ownFunctions: Functions;
  readonly missingKey: MissingKey;
  readonly limits: TemplateLimits;
  readonly signal: AbortSignal | undefined;
  /** Set before the first template, by name without the dollar. */
  readonly variables: Readonly<Record<string, TemplateValue>>;
}

/** @throws {TemplateError} */
export async function execute(
  template: Template,
  data: TemplateValue,
  environment: Environment,
): Promise<string> {
  return new Execution(environment).run(template, data);
}

type AnyNode = Node | PipeNode | CommandNode | ArgNode | ListNode;

type Outcome = "next" | "break" | "continue";

interface Variable {
  readonly name: string;
  value: TemplateValue;
}

/** One call of one template: its variables, and where it is. */
interface Frame {
  readonly template: Template;
  readonly variables: Variable[];
  node: AnyNode;
}

class Execution {
  readonly #environment: Environment;
  readonly #frames: Frame[] = [];
  #output: string[] = [];
  #outputLength = 0;
  #stepCount = 0;
  #rangeRoundCount = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  async run(template: Template, data: TemplateValue): Promise<string> {
    const variables = Object.entries(this.#environment.variables).map(([name, value]) => ({
      name: `$${name}`,
      value,
    }));
    await this.#call(template, data, variables);
    return this.#output.join("");
  }

  get #frame(): Frame {
    const frame = this.#frames.at(-1);
    assert(frame !== undefined, "BUG: no template is running");
    return frame;
  }

  async #call(template: Template, dot: TemplateValue, more: Variable[] = []): Promise<void> {
    const variables = [{ name: "$", value: dot }, ...more];
    this.#frames.push({ template, variables, node: template.root });
    await this.#walkList(dot, template.root);
    this.#frames.pop();
  }

  /** Notes where we are, for errors, and counts what it costs. */
  #visit(node: AnyNode): void {
    this.#frame.node = node;
    this.#stepCount += 1;
    const { limits, signal } = this.#environment;
    if (this.#stepCount > limits.steps) {
      throw this.#failure("template/limit", `took more than ${limits.steps} steps`);
    }
    if (signal?.aborted) throw this.#failure("template/canceled", "the caller gave up waiting");
  }

  #failure(code: TemplateErrorCode, problem: string, cause?: unknown): TemplateError {
    const { template, node } = this.#frame;
    return new TemplateError(code, problem, {
      source: template.source,
      at: node.at,
      templateName: template.name,
      context: printContext(node),
      cause,
    });
  }

  #fail(problem: string): TemplateError {
    return this.#failure("template/execution", problem);
  }

  #write(text: string): void {
    const { outputLength } = this.#environment.limits;
    this.#outputLength += text.length;
    if (this.#outputLength > outputLength) {
      throw this.#failure("template/limit", `wrote more than ${outputLength} characters`);
    }
    this.#output.push(text);
  }

  async #walkList(dot: TemplateValue, list: ListNode): Promise<Outcome> {
    for (const node of list.nodes) {
      const outcome = await this.#walk(dot, node);
      if (outcome !== "next") return outcome;
    }
    return "next";
  }

  async #walk(dot: TemplateValue, node: Node): Promise<Outcome> {
    this.#visit(node);
    switch (node.kind) {
      case "text":
        this.#write(node.text);
        return "next";
      case "action": {
        const value = await this.#pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.#print(node.pipe, value);
        return "next";
      }
      case "if":
      case "with":
        return this.#walkBranch(dot, node);
      case "range":
        return this.#walkRange(dot, node);
      case "template":
        await this.#walkTemplate(dot, node);
        return "next";
      case "break":
      case "continue":
        return node.kind;
    }
  }

  #print(node: PipeNode, value: TemplateValue): void {
    this.#visit(node);
    if (typeof value === "function")
      throw this.#fail(`can't print ${printContext(node)} of type func`);
    this.#write(value instanceof SafeText ? value.text : printResult(value));
  }

  async #walkBranch(dot: TemplateValue, node: BranchNode): Promise<Outcome> {
    const { variables } = this.#frame;
    const mark = variables.length;
    const value = await this.#pipeline(dot, node.pipe);
    let outcome: Outcome = "next";
    if (isTrue(value)) {
      outcome = await this.#walkList(node.kind === "with" ? value : dot, node.list);
    } else if (node.elseList) {
      outcome = await this.#walkList(dot, node.elseList);
    }
    variables.length = mark;
    return outcome;
  }

  async #walkRange(dot: TemplateValue, node: BranchNode): Promise<Outcome> {
    const { variables } = this.#frame;
    const mark = variables.length;
    const value = await this.#pipeline(dot, node.pipe);
    const roundMark = variables.length;
    let isEmpty = true;
    for (const [key, item] of this.#items(value)) {
      isEmpty = false;
      this.#countRound(node);
      this.#setRangeVariables(node.pipe, key, item);
      const outcome = await this.#walkList(item, node.list);
      variables.length = roundMark;
      if (outcome === "break") break;
    }
    const outcome = isEmpty && node.elseList ? await this.#walkList(dot, node.elseList) : "next";
    variables.length = mark;
    return outcome;
  }

  #countRound(node: BranchNode): void {
    this.#rangeRoundCount += 1;
    const { rangeRounds } = this.#environment.limits;
    if (this.#rangeRoundCount <= rangeRounds) return;
    this.#frame.node = node;
    throw this.#failure("template/limit", `ranged over more than ${rangeRounds} items`);
  }

  *#items(value: TemplateValue): Iterable<[TemplateValue, TemplateValue]> {
    if (value === null) return; // as an empty list, in Go
    if (typeof value === "bigint") {
      for (let i = 0n; i < value; i++) yield [i, i];
    } else if (isList(value)) {
      for (const [index, item] of value.entries()) yield [BigInt(index), item ?? null];
    } else if (isMap(value) || (isRecord(value) && !isStruct(value))) {
      yield* entriesOf(value);
    } else {
      throw this.#fail(`range can't iterate over ${printResult(value)}`);
    }
  }

  /** With one variable it is the item, with two the first is the key. */
  #setRangeVariables({ variables }: PipeNode, key: TemplateValue, item: TemplateValue): void {
    const [first, second] = variables;
    if (first) this.#assign(first, second ? key : item);
    if (second) this.#assign(second, item);
  }

  async #walkTemplate(dot: TemplateValue, node: TemplateNode): Promise<void> {
    const template = this.#environment.templates.get(node.name);
    if (!template) throw this.#fail(`template ${JSON.stringify(node.name)} not defined`);
    const { depth } = this.#environment.limits;
    if (this.#frames.length >= depth) {
      throw this.#failure("template/limit", `exceeded maximum template depth (${depth})`);
    }
    const data = node.pipe ? await this.#pipeline(dot, node.pipe) : null;
    await this.#call(template, data);
  }

  async #pipeline(dot: TemplateValue, pipe: PipeNode): Promise<TemplateValue> {
    this.#visit(pipe);
    let value: TemplateValue | undefined;
    for (const command of pipe.commands) value = await this.#command(dot, command, value);
    const result = value ?? null;
    for (const variable of pipe.variables) {
      if (pipe.isAssign) this.#assign(variable, result);
      else this.#frame.variables.push({ name: variable.name, value: result });
    }
    return result;
  }

  #assign({ name }: VariableNode, value: TemplateValue): void {
    const variable = this.#frame.variables.findLast((one) => one.name === name);
    assert(variable !== undefined, `BUG: the parser let the undeclared ${name} through`);
    variable.value = value;
  }

  /** @param final what the command before it in the pipeline gave; undefined for the first */
  async #command(
    dot: TemplateValue,
    command: CommandNode,
    final: TemplateValue | undefined,
  ): Promise<TemplateValue> {
    const [first, ...rest] = command.args;
    assert(first !== undefined, "BUG: an empty command");
    const invocation = { args: rest, final };
    switch (first.kind) {
      case "field":
        this.#visit(first);
        return this.#fields(dot, dot, { path: first.path, node: first, invocation });
      case "chain":
        return this.#chain(dot, first, invocation);
      case "variable":
        return this.#variable(dot, first, invocation);
      case "identifier":
        return this.#function(dot, first, { node: command, invocation });
      case "pipe":
        this.#refuseArguments(first, invocation);
        return this.#pipeline(dot, first);
      case "nil":
        this.#visit(first);
        throw this.#fail("nil is not a command");
      default:
        this.#refuseArguments(first, invocation);
        return this.#argument(dot, first);
    }
  }

  #refuseArguments(node: ArgNode, { args, final }: Invocation): void {
    this.#visit(node);
    if (args.length === 0 && final === undefined) return;
    throw this.#fail(`can't give argument to non-function ${printContext(node)}`);
  }

  async #argument(dot: TemplateValue, node: ArgNode): Promise<TemplateValue> {
    this.#visit(node);
    switch (node.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "literal":
        return node.value;
      case "field":
        return this.#fields(dot, dot, { path: node.path, node, invocation: BARE });
      case "variable":
        return this.#variable(dot, node, BARE);
      case "chain":
        return this.#chain(dot, node, BARE);
      case "identifier":
        return this.#function(dot, node, { node, invocation: BARE });
      case "pipe":
        return this.#pipeline(dot, node);
    }
  }

  async #chain(
    dot: TemplateValue,
    node: ChainNode,
    invocation: Invocation,
  ): Promise<TemplateValue> {
    this.#visit(node);
    if (node.of.kind === "nil") throw this.#fail("indirection through explicit nil");
    const receiver = await this.#argument(dot, node.of);
    return this.#fields(dot, receiver, { path: node.path, node, invocation });
  }

  async #variable(
    dot: TemplateValue,
    node: VariableNode,
    invocation: Invocation,
  ): Promise<TemplateValue> {
    this.#visit(node);
    const variable = this.#frame.variables.findLast(({ name }) => name === node.name);
    // Declared for the parser, not given by the caller.
    if (!variable) throw this.#fail(`undefined variable: ${node.name}`);
    if (node.path.length === 0) {
      this.#refuseArguments(node, invocation);
      return variable.value;
    }
    return this.#fields(dot, variable.value, { path: node.path, node, invocation });
  }

  /** `.A.B.C args`: every name but the last is a field or a method without arguments. */
  async #fields(
    dot: TemplateValue,
    receiver: TemplateValue,
    { path, node, invocation }: { path: readonly string[]; node: ArgNode; invocation: Invocation },
  ): Promise<TemplateValue> {
    for (const name of path.slice(0, -1)) {
      receiver = await this.#field(dot, receiver, { name, node, invocation: BARE });
    }
    return this.#field(dot, receiver, { name: path.at(-1)!, node, invocation });
  }

  async #field(
    dot: TemplateValue,
    receiver: TemplateValue,
    { name, node, invocation }: { name: string; node: ArgNode; invocation: Invocation },
  ): Promise<TemplateValue> {
    if (receiver === null) {
      if (this.#environment.missingKey !== "error") return null;
      throw this.#fail(`nil data; no entry for key ${JSON.stringify(name)}`);
    }
    const method = findMethod(receiver, name);
    if (method) return this.#invoke(dot, method, { name, node, invocation });
    const hasArguments = invocation.args.length > 0 || invocation.final !== undefined;
    if (isStruct(receiver) && Object.hasOwn(receiver, name)) {
      if (!hasArguments) return receiver[name] ?? null;
      throw this.#fail(`${name} has arguments but cannot be invoked as function`);
    }
    if (isMap(receiver) || (isRecord(receiver) && !isStruct(receiver))) {
      if (hasArguments) throw this.#fail(`${name} is not a method but has arguments`);
      return this.#mapValue(receiver, name);
    }
    throw this.#fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
  }

  #mapValue(
    map: ReadonlyMap<string, TemplateValue> | Readonly<Record<string, TemplateValue>>,
    key: string,
  ): TemplateValue {
    const value = isMap(map) ? map.get(key) : Object.hasOwn(map, key) ? map[key] : undefined;
    if (value !== undefined) return value;
    switch (this.#environment.missingKey) {
      case "default":
        return null;
      case "zero":
        return isTextMap(map) ? "" : null;
      case "error":
        throw this.#fail(`map has no entry for key ${JSON.stringify(key)}`);
    }
  }

  async #function(
    dot: TemplateValue,
    { name }: IdentifierNode,
    { node, invocation }: { node: CommandNode | IdentifierNode; invocation: Invocation },
  ): Promise<TemplateValue> {
    this.#visit(node.kind === "command" ? node.args[0]! : node);
    const { functions, ownFunctions } = this.#environment;
    const custom = ownFunctions[name] ?? functions[name];
    if (custom) return this.#invoke(dot, custom, { name, node, invocation });
    if (name === "and" || name === "or") return this.#shortCircuit(dot, name, invocation);
    if (name === "call") return this.#callValue(dot, { node, invocation });
    const builtin = builtins[name];
    assert(builtin !== undefined, `BUG: the parser let the unknown function ${name} through`);
    return this.#invoke(dot, builtin, { name, node, invocation });
  }

  async #shortCircuit(
    dot: TemplateValue,
    name: "and" | "or",
    { args, final }: Invocation,
  ): Promise<TemplateValue> {
    if (args.length === 0 && final === undefined) {
      throw this.#fail(`wrong number of args for ${name}: want at least 1 got 0`);
    }
    let value: TemplateValue = null;
    for (const arg of args) {
      value = await this.#argument(dot, arg);
      if (isTrue(value) === (name === "or")) return value;
    }
    return final === undefined ? value : final;
  }

  /** `call .Method args`: our methods are called by naming them, so this is for functions in data. */
  async #callValue(
    dot: TemplateValue,
    { node, invocation }: { node: CommandNode | IdentifierNode; invocation: Invocation },
  ): Promise<TemplateValue> {
    const [first, ...args] = invocation.args;
    if (!first) throw this.#fail("wrong number of args for call: want at least 1 got 0");
    const callee = await this.#argument(dot, first);
    if (typeof callee !== "function") {
      this.#frame.node = node;
      const shown = `non-function ${printContext(first)} of type ${typeName(callee)}`;
      throw this.#fail(`error calling call: ${shown}`);
    }
    const rest = { args, final: invocation.final };
    return this.#invoke(dot, callee, { name: "call", node, invocation: rest });
  }

  async #invoke(
    dot: TemplateValue,
    run: TemplateFunction,
    call: { name: string; node: CommandNode | ArgNode; invocation: Invocation },
  ): Promise<TemplateValue> {
    const values: TemplateValue[] = [];
    for (const arg of call.invocation.args) values.push(await this.#argument(dot, arg));
    if (call.invocation.final !== undefined) values.push(call.invocation.final);
    try {
      return (await run(...values)) ?? null;
    } catch (error) {
      throw this.#callFailure(call, error);
    }
  }

  #callFailure(
    { name, node }: { name: string; node: CommandNode | ArgNode },
    error: unknown,
  ): unknown {
    const message = error instanceof Error ? error.message : String(error);
    if (message.startsWith("BUG:")) return error; // ours to fix, not the template's author's
    this.#frame.node = node;
    if (error instanceof ArgumentError) {
      if (node.kind === "command") this.#frame.node = node.args[0] ?? node;
      return this.#failure("template/execution", message.replace("%s", name), error);
    }
    return this.#failure("template/execution", `error calling ${name}: ${message}`, error);
  }
}

/** What follows a function or method in its command, and what the pipeline hands it. */
interface Invocation {
  readonly args: readonly ArgNode[];
  readonly final: TemplateValue | undefined;
}

const BARE: Invocation = { args: [], final: undefined };

function findMethod(receiver: TemplateValue, name: string): TemplateFunction | undefined {
  if (receiver === null || typeof receiver !== "object") return undefined;
  if (receiver instanceof SafeText) return undefined;
  if (isOpaque(receiver)) return methodOf(receiver, name);
  if (!Object.hasOwn(receiver, name)) return undefined;
  const found = (receiver as Readonly<Record<string, TemplateValue>>)[name];
  return typeof found === "function" ? found : undefined;
}
