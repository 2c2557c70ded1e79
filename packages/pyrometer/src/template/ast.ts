/** A template's tree, and its printing as Go prints nodes: errors quote the node they happened at. */

interface At {
  /** UTF-16 offset in the source. */
  readonly at: number;
}

export interface ListNode extends At {
  readonly kind: "list";
  readonly nodes: readonly Node[];
}

export interface TextNode extends At {
  readonly kind: "text";
  readonly text: string;
}

export interface ActionNode extends At {
  readonly kind: "action";
  readonly pipe: PipeNode;
}

export interface BranchNode extends At {
  readonly kind: "if" | "with" | "range";
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

export interface JumpNode extends At {
  readonly kind: "break" | "continue";
}

export interface TemplateNode extends At {
  readonly kind: "template";
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export type Node = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode;

export interface PipeNode extends At {
  readonly kind: "pipe";
  /** `$x :=`, `$x =`, or a range's `$i, $x :=`. */
  readonly variables: readonly VariableNode[];
  readonly isAssign: boolean;
  readonly commands: readonly CommandNode[];
}

export interface CommandNode extends At {
  readonly kind: "command";
  /** At least one. */
  readonly args: readonly ArgNode[];
}

export interface IdentifierNode extends At {
  readonly kind: "identifier";
  readonly name: string;
}

export interface FieldNode extends At {
  readonly kind: "field";
  readonly path: readonly string[];
}

/** `(pipeline).Field.Field`, `"text".Field` … */
export interface ChainNode extends At {
  readonly kind: "chain";
  readonly of: ArgNode;
  readonly path: readonly string[];
}

export interface VariableNode extends At {
  readonly kind: "variable";
  /** With its dollar; "$" is the data the template was called with. */
  readonly name: string;
  readonly path: readonly string[];
}

export interface LiteralNode extends At {
  readonly kind: "literal";
  readonly value: string | number | bigint | boolean;
  /** As written. */
  readonly text: string;
}

export interface DotNode extends At {
  readonly kind: "dot" | "nil";
}

export type ArgNode =
  | IdentifierNode
  | FieldNode
  | ChainNode
  | VariableNode
  | LiteralNode
  | DotNode
  | PipeNode;

export function printPipe(pipe: PipeNode): string {
  const names = pipe.variables.map(printArg).join(", ");
  const head = names === "" ? "" : `${names} ${pipe.isAssign ? "=" : ":="} `;
  return head + pipe.commands.map(printCommand).join(" | ");
}

export function printCommand(command: CommandNode): string {
  return command.args.map(printArg).join(" ");
}

export function printArg(node: ArgNode): string {
  switch (node.kind) {
    case "identifier":
      return node.name;
    case "field":
      return node.path.map((name) => `.${name}`).join("");
    case "chain": {
      const path = node.path.map((name) => `.${name}`).join("");
      return `${printArg(node.of)}${path}`;
    }
    case "variable":
      return [node.name, ...node.path].join(".");
    case "literal":
      return node.text;
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "pipe":
      return `(${printPipe(node)})`;
  }
}

/** What an error message quotes as `<…>`. */
export function printContext(node: Node | PipeNode | CommandNode | ArgNode | ListNode): string {
  switch (node.kind) {
    case "list":
    case "text":
      return node.kind;
    case "action":
      return `{{${printPipe(node.pipe)}}}`;
    case "if":
    case "with":
    case "range":
      return printPipe(node.pipe);
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "template":
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${printPipe(node.pipe)}` : ""}}}`;
    case "pipe":
      return printPipe(node);
    case "command":
      return printCommand(node);
    default:
      return printArg(node);
  }
}
