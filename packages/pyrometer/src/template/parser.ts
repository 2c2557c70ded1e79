/**
 * Builds the tree from the tokens: recursive descent, in the order and with the messages of Go's
 * text/template/parse. It stops at the first fault: past it, nothing tells text from action.
 */
import { assert } from "../std/index.ts";
import type {
  ActionNode,
  ArgNode,
  BranchNode,
  CommandNode,
  JumpNode,
  ListNode,
  Node,
  PipeNode,
  TemplateNode,
  VariableNode,
} from "./ast.ts";
import { printArg } from "./ast.ts";
import type { Token, TokenKind } from "./lexer.ts";
import { lex, TemplateSyntaxError } from "./lexer.ts";
import { NESTING_MAX } from "./limits.ts";
import { parseChar, parseNumber, unquote } from "./literal.ts";

export interface ParseOptions {
  /** Whether a function of this name exists. */
  hasFunction(name: string): boolean;
  /** Variables that are there from the start, without their dollar. */
  readonly variables: readonly string[];
}

export interface ParsedText {
  readonly root: ListNode;
  /** What `define` and `block` made, by name. */
  readonly defined: ReadonlyMap<string, ListNode>;
}

/** @throws {TemplateSyntaxError} */
export function parse(text: string, options: ParseOptions): ParsedText {
  return new Parser(lex(text), options).run();
}

type Stop = "end" | "else" | "end-of-text";

interface Block {
  readonly list: ListNode;
  readonly stop: Stop;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #options: ParseOptions;
  readonly #defined = new Map<string, ListNode>();
  #variables: string[];
  #next = 0;
  #nesting = 0;
  #rangeDepth = 0;

  constructor(tokens: readonly Token[], options: ParseOptions) {
    this.#tokens = tokens;
    this.#options = options;
    this.#variables = this.#startVariables();
  }

  run(): ParsedText {
    const { list, stop } = this.#list({ isTop: true });
    if (stop !== "end-of-text") {
      throw this.#fail(`unexpected {{${stop}}}`, this.#tokens[this.#next - 1]);
    }
    return { root: list, defined: this.#defined };
  }

  #startVariables(): string[] {
    return ["$", ...this.#options.variables.map((name) => `$${name}`)];
  }

  /** Up to {{end}}, {{else}} or the text's end; of the first two only their keyword is taken. */
  #list({ isTop = false } = {}): Block {
    this.#enter();
    const at = this.#peek().at;
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === "end-of-text") {
        this.#nesting -= 1;
        return { list: { kind: "list", nodes, at }, stop: "end-of-text" };
      }
      if (token.kind === "text") {
        nodes.push({ kind: "text", text: this.#take().text, at: token.at });
        continue;
      }
      assert(token.kind === "open", `BUG: a ${token.kind} token outside an action`);
      this.#take();
      const stop = this.#stopKeyword();
      if (stop) {
        this.#nesting -= 1;
        return { list: { kind: "list", nodes, at }, stop };
      }
      const node = this.#action(token, { isTop });
      if (node) nodes.push(node);
    }
  }

  #stopKeyword(): "end" | "else" | undefined {
    const { kind, text } = this.#peekWord();
    if (kind !== "keyword" || (text !== "end" && text !== "else")) return undefined;
    this.#takeWord();
    return text;
  }

  /** Just past the opening delimiter. */
  #action(open: Token, { isTop }: { isTop: boolean }): Node | undefined {
    const word = this.#peekWord();
    if (word.kind !== "keyword") {
      const pipe = this.#pipeline("command", "close");
      return { kind: "action", pipe, at: open.at + 2 } satisfies ActionNode;
    }
    this.#takeWord();
    switch (word.text) {
      case "if":
      case "with":
      case "range":
        return this.#branch(word.text, word);
      case "define":
        if (!isTop) throw this.#unexpected(word, "command");
        return this.#define();
      case "block":
        return this.#block();
      case "template":
        return this.#template();
      case "break":
      case "continue":
        return this.#jump(word.text, word);
      default:
        throw this.#unexpected(word, "command");
    }
  }

  #branch(kind: BranchNode["kind"], word: Token): BranchNode {
    const variableCount = this.#variables.length;
    const pipe = this.#pipeline(kind, "close");
    if (kind === "range") this.#rangeDepth += 1;
    const { list, stop } = this.#list();
    if (kind === "range") this.#rangeDepth -= 1;
    let elseList: ListNode | undefined;
    if (stop === "else") elseList = this.#else(kind);
    else if (stop === "end") this.#expect("close", "end");
    else throw this.#fail("unexpected EOF", this.#peek());
    this.#variables.length = variableCount;
    return { kind, pipe, list, elseList, at: word.at };
  }

  /** Past {{else: a plain one, or `else if` / `else with`, which shares the outer {{end}}. */
  #else(kind: BranchNode["kind"]): ListNode {
    const word = this.#peekWord();
    const isChained =
      word.kind === "keyword" && word.text === kind && (kind === "if" || kind === "with");
    if (isChained) {
      this.#takeWord();
      this.#enter();
      const branch = this.#branch(kind, word);
      this.#nesting -= 1;
      return { kind: "list", nodes: [branch], at: word.at };
    }
    this.#expect("close", "else");
    const { list, stop } = this.#list();
    if (stop === "else") throw this.#fail("expected end; found {{else}}", this.#peek());
    if (stop === "end-of-text") throw this.#fail("unexpected EOF", this.#peek());
    this.#expect("close", "end");
    return list;
  }

  #define(): undefined {
    const name = this.#templateName("define clause");
    this.#expect("close", "define clause");
    this.#body(name, "define clause");
  }

  #block(): TemplateNode {
    const { at } = this.#peekWord();
    const name = this.#templateName("block clause");
    const pipe = this.#pipeline("block clause", "close");
    this.#body(name, "block clause");
    return { kind: "template", name, pipe, at };
  }

  /** The text of a define or block, with variables of its own, up to its {{end}}. */
  #body(name: string, context: string): void {
    const outer = { variables: this.#variables, rangeDepth: this.#rangeDepth };
    this.#variables = ["$"];
    this.#rangeDepth = 0;
    const { list, stop } = this.#list();
    if (stop !== "end") {
      const found = stop === "else" ? `{{else}} in ${context}` : "EOF";
      throw this.#fail(`unexpected ${found}`, this.#peek());
    }
    this.#expect("close", "end");
    this.#variables = outer.variables;
    this.#rangeDepth = outer.rangeDepth;
    // Go keeps an earlier text when a later one of the same name is only blanks.
    const isBlank = list.nodes.every((node) => node.kind === "text" && node.text.trim() === "");
    if (!isBlank || !this.#defined.has(name)) this.#defined.set(name, list);
  }

  #template(): TemplateNode {
    const { at } = this.#peekWord();
    const name = this.#templateName("template clause");
    const hasPipe = this.#peekWord().kind !== "close";
    if (!hasPipe) this.#expect("close", "template clause");
    const pipe = hasPipe ? this.#pipeline("template clause", "close") : undefined;
    return { kind: "template", name, pipe, at };
  }

  #templateName(context: string): string {
    const token = this.#takeWord();
    if (token.kind !== "string" && token.kind !== "raw-string") {
      throw this.#unexpected(token, context);
    }
    return unquote(token.text, token.at);
  }

  #jump(kind: JumpNode["kind"], word: Token): JumpNode {
    const token = this.#takeWord();
    if (token.kind !== "close") throw this.#unexpected(token, `{{${kind}}}`);
    if (this.#rangeDepth === 0) throw this.#fail(`{{${kind}}} outside {{range}}`, word);
    return { kind, at: word.at };
  }

  #pipeline(context: string, end: "close" | "right-paren"): PipeNode {
    const at = this.#peekWord().at;
    const { variables, isAssign } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#peekWord();
      if (token.kind === end) {
        this.#takeWord();
        this.#checkPipeline(commands, context, token);
        return { kind: "pipe", variables, isAssign, commands, at };
      }
      if (!STARTS_OPERAND.has(token.kind)) throw this.#unexpected(this.#takeWord(), context);
      commands.push(this.#command(token.at));
    }
  }

  #checkPipeline(commands: readonly CommandNode[], context: string, end: Token): void {
    if (commands.length === 0) throw this.#fail(`missing value for ${context}`, end);
    for (const [index, command] of commands.entries()) {
      const first = command.args[0];
      const isValue = first?.kind === "literal" || first?.kind === "dot" || first?.kind === "nil";
      if (index === 0 || !isValue) continue;
      throw this.#fail(`non executable command in pipeline stage ${index + 1}`, first);
    }
  }

  /** `$x :=`, `$x =`, and in a range `$i, $x :=`; nothing when the pipeline just starts with one. */
  #declarations(context: string): { variables: VariableNode[]; isAssign: boolean } {
    const variables: VariableNode[] = [];
    for (;;) {
      const start = this.#next;
      const variable = this.#peekWord();
      if (variable.kind !== "variable") break;
      this.#takeWord();
      const sign = this.#peekWord();
      const node = { kind: "variable", name: variable.text, path: [], at: variable.at } as const;
      if (sign.kind === "declare" || sign.kind === "assign") {
        this.#takeWord();
        variables.push(node);
        if (sign.kind === "declare") this.#variables.push(...variables.map(({ name }) => name));
        else for (const { name, at } of variables) this.#checkVariable(name, at);
        return { variables, isAssign: sign.kind === "assign" };
      }
      if (sign.kind === "chars" && sign.text === ",") {
        this.#takeWord();
        variables.push(node);
        if (context === "range" && variables.length < 2 && this.#peekWord().kind === "variable") {
          continue;
        }
        throw this.#fail(`too many declarations in ${context}`, sign);
      }
      this.#next = start;
      break;
    }
    if (variables.length > 0) {
      throw this.#fail(`range can only initialize variables`, variables[0]);
    }
    return { variables, isAssign: false };
  }

  #checkVariable(name: string, at: number): void {
    if (this.#variables.includes(name)) return;
    throw new TemplateSyntaxError(`undefined variable "${name}"`, at, {
      end: at + name.length,
      code: "template/variable",
    });
  }

  /** Operands with blanks between them, up to a pipe sign (taken) or the pipeline's end (left). */
  #command(at: number): CommandNode {
    const args: ArgNode[] = [];
    for (;;) {
      this.#skipSpace();
      const operand = this.#operand();
      if (operand) args.push(operand);
      const token = this.#peek();
      if (token.kind === "space") {
        this.#take();
        continue;
      }
      if (token.kind === "pipe") {
        this.#take();
      } else if (token.kind !== "close" && token.kind !== "right-paren") {
        throw this.#unexpected(this.#take(), "operand");
      }
      break;
    }
    if (args.length === 0) throw this.#fail("empty command", this.#peek());
    return { kind: "command", args, at };
  }

  /** A term with the fields that follow it without a blank. */
  #operand(): ArgNode | undefined {
    const node = this.#term();
    if (!node || this.#peek().kind !== "field") return node;
    const { at } = this.#peek();
    const path: string[] = [];
    while (this.#peek().kind === "field") path.push(this.#take().text.slice(1));
    switch (node.kind) {
      case "field":
        return { ...node, path: [...node.path, ...path], at };
      case "variable":
        return { ...node, path: [...node.path, ...path], at };
      case "literal":
      case "nil":
      case "dot":
        throw this.#fail(`unexpected . after term ${JSON.stringify(printArg(node))}`, node);
      default:
        return { kind: "chain", of: node, path, at };
    }
  }

  #term(): ArgNode | undefined {
    const token = this.#peek();
    const { at, text, kind } = token;
    if (!STARTS_OPERAND.has(kind)) return undefined;
    this.#take();
    switch (kind) {
      case "identifier":
        if (!this.#options.hasFunction(text)) throw this.#noFunction(token);
        return { kind: "identifier", name: text, at };
      case "dot":
      case "nil":
        return { kind, at };
      case "variable":
        this.#checkVariable(text, at);
        return { kind: "variable", name: text, path: [], at };
      case "field":
        return { kind: "field", path: [text.slice(1)], at };
      case "bool":
        return { kind: "literal", value: text === "true", text, at };
      case "char":
        return { kind: "literal", value: parseChar(text, at), text, at };
      case "number":
        return { kind: "literal", value: parseNumber(text, at), text, at };
      case "string":
      case "raw-string":
        return { kind: "literal", value: unquote(text, at), text, at };
      default: {
        this.#enter();
        const pipe = this.#pipeline("parenthesized pipeline", "right-paren");
        this.#nesting -= 1;
        return pipe;
      }
    }
  }

  #enter(): void {
    this.#nesting += 1;
    if (this.#nesting > NESTING_MAX) {
      const problem = `nested more than ${NESTING_MAX} deep`;
      throw new TemplateSyntaxError(problem, this.#peek().at, { code: "template/limit" });
    }
  }

  #peek(): Token {
    const token = this.#tokens[this.#next];
    assert(token !== undefined, "BUG: read past the last token");
    if (token.kind === "error") throw new TemplateSyntaxError(token.text, token.at);
    return token;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== "end-of-text") this.#next += 1;
    return token;
  }

  #skipSpace(): void {
    while (this.#peek().kind === "space") this.#next += 1;
  }

  #peekWord(): Token {
    this.#skipSpace();
    return this.#peek();
  }

  #takeWord(): Token {
    this.#skipSpace();
    return this.#take();
  }

  #expect(kind: TokenKind, context: string): void {
    const token = this.#takeWord();
    if (token.kind !== kind) throw this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): TemplateSyntaxError {
    return this.#fail(`unexpected ${describe(token)} in ${context}`, token);
  }

  #noFunction({ text, at }: Token): TemplateSyntaxError {
    return new TemplateSyntaxError(`function "${text}" not defined`, at, {
      end: at + text.length,
      code: "template/function",
    });
  }

  #fail(message: string, place: { at: number; text?: string } | undefined): TemplateSyntaxError {
    const at = place?.at ?? 0;
    return new TemplateSyntaxError(message, at, {
      end: at + Math.max(1, place?.text?.length ?? 1),
    });
  }
}

const STARTS_OPERAND = new Set<TokenKind>([
  "bool",
  "char",
  "dot",
  "field",
  "identifier",
  "left-paren",
  "nil",
  "number",
  "raw-string",
  "string",
  "variable",
]);

/** How Go shows a token in an error. */
function describe({ kind, text }: Token): string {
  if (kind === "end-of-text") return "EOF";
  if (kind === "keyword" || kind === "dot" || kind === "nil") return `<${text}>`;
  return text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text);
}
