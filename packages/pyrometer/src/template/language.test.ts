/** Runs every case of testdata/language.txt. To add behaviour, add cases there, not here. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SourceError } from "../std/index.ts";
import type { TemplateObject, TemplateValue } from "./index.ts";
import { parseTemplates, printValue, SafeText, sprintf, struct, TemplateError } from "./index.ts";

const greeter: TemplateObject = struct("main.Struct", {
  Name: "Ada",
  Count: 7n,
  Greet: (name: TemplateValue = null) => `hi ${String(name)}`,
  Twice: () => 14n,
});

const data: TemplateValue = {
  Name: "Ada",
  N: 42n,
  F: 1234567,
  Small: 0.00001,
  Tiny: 0.0001,
  Whole: 100000,
  List: ["a", 1n, 2.5],
  Numbers: [1n, 2n, 3n],
  Map: new Map<string, TemplateValue>([
    ["b", 2n],
    ["a", "x"],
  ]),
  Texts: new Map([["k", "v"]]),
  Nil: null,
  Empty: [],
  Yes: true,
  Struct: greeter,
  Truths: [false, true, 0n, 1n, "", "x", 0, 0.5, [], [1n], new Map(), null],
  Nested: [["a", "b"], ["c"]],
  Inf: Infinity,
  NaN,
};

/** A function in data, for `call`: named as a field it would be a method. */
const functions = { Func: () => null };

interface Case {
  readonly name: string;
  readonly text: string;
  readonly kind: "output" | "error";
  readonly wanted: string;
}

function readCases(): Case[] {
  const file = readFileSync(new URL("./testdata/language.txt", import.meta.url), "utf8");
  return file
    .split("\n=== ")
    .slice(1)
    .map((part) => {
      const [, name = "", text = "", kind, wanted = ""] =
        /^(.*)\n([\s\S]*)\n--- (output|error)\n([\s\S]*)$/.exec(part) ?? [];
      const isError = kind === "error";
      return { name, text, kind: isError ? "error" : "output", wanted: wanted.trimEnd() };
    });
}

async function run(text: string, input: TemplateValue = data): Promise<string> {
  const { templates, errors } = parseTemplates([{ name: "t", text }], { functions });
  if (errors[0]) throw errors[0];
  return templates!.execute("t", input);
}

async function messageOf(text: string): Promise<string> {
  try {
    return `no error, but ${await run(text)}`;
  } catch (error) {
    if (error instanceof SourceError) return `t:${error.line}: ${error.problem}`;
    if (error instanceof TemplateError) return error.message.replace(/^template: /, "");
    throw error;
  }
}

describe("as Go does", () => {
  // `call` takes a function out of the data; ours are methods there, called by being named.
  const cases = readCases().filter(({ name }) => name !== "call");

  test.each(cases.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    if (one.kind === "error") expect(await messageOf(one.text)).toBe(one.wanted);
    else expect((await run(one.text)).trimEnd()).toBe(one.wanted);
  });
});

test("an unclosed action is told where it was opened, not at the end of the text", async () => {
  expect(await messageOf("a\n{{ .X |\n\n")).toBe("t:2: unclosed action");
});

test("assigning to a variable that is not there does not parse", async () => {
  expect(await messageOf("{{$x = 1}}")).toBe('t:1: undefined variable "$x"');
});

test("errors know their place, counted from 1", async () => {
  const [error] = parseTemplates([{ name: "t", text: "a\n  {{ nope }}" }], { functions }).errors;
  expect([error?.code, error?.line, error?.column]).toEqual(["template/function", 2, 6]);
  const failed = await run("a\n  {{ index .List 9 }}").catch((reason: unknown) => reason);
  expect(failed).toMatchObject({ code: "template/execution", line: 2, column: 6 });
});

test("every text's first fault is collected", () => {
  const sources = ["{{", "fine", "{{ nope }}"].map((text, i) => ({ name: `t${i}`, text }));
  const { templates, errors } = parseTemplates(sources, { functions });
  expect(templates).toBeUndefined();
  expect(errors.map(({ message }) => message)).toEqual([
    "t0:1:1: unclosed action",
    't2:1:4: function "nope" not defined',
  ]);
});

test.each([
  ["default", "<no value>|<no value>"],
  ["zero", "|<no value>"],
] as const)("missingKey %s", async (missingKey, wanted) => {
  const text = "{{ .Texts.x }}|{{ .Map.x }}";
  const { templates } = parseTemplates([{ name: "t", text }], { functions, missingKey });
  expect(await templates!.execute("t", data)).toBe(wanted);
});

test("missingKey error ends the run", async () => {
  const options = { functions, missingKey: "error" } as const;
  const { templates } = parseTemplates([{ name: "t", text: "{{ .Texts.x }}" }], options);
  await expect(templates!.execute("t", data)).rejects.toThrow('map has no entry for key "x"');
});

test("templates of several texts call each other, the last definition wins", async () => {
  const sources = [
    { name: "a", text: '{{define "x"}}old{{end}}{{define "y"}}{{template "x" .}}!{{end}}' },
    { name: "b", text: '{{define "x"}}new {{.}}{{end}}' },
  ];
  const { templates } = parseTemplates(sources, { functions });
  expect(await templates!.execute("y", "v")).toBe("new v!");
  expect([templates!.has("x"), templates!.has("z")]).toEqual([true, false]);
  expect(await templates!.executeText({ name: "", text: '<{{template "y" .}}>' }, 1n)).toBe(
    "<new 1!>",
  );
  await expect(templates!.executeText({ name: "", text: "{{" }, null)).rejects.toThrow(SourceError);
  await expect(templates!.execute("z", null)).rejects.toThrow('template "z" not defined');
});

test("asynchronous functions are awaited, and one run's functions stay its own", async () => {
  const { templates } = parseTemplates([{ name: "t", text: "{{ ask 1 }}" }], {
    functions: { ask: () => "nobody" },
  });
  const answer = templates!.execute("t", null, {
    functions: { ask: async (of = null) => `answer to ${printValue(of)}` },
  });
  expect(await answer).toBe("answer to 1");
  expect(await templates!.execute("t", null)).toBe("nobody");
});

test.each([
  ["{{range 1000000}}{{end}}", { rangeRounds: 100 }, "ranged over more than 100 items"],
  ["{{range 1000000}}{{len .}}{{end}}", { steps: 100 }, "len of type int"],
  ['{{range 1000000}}{{len "a"}}{{end}}', { steps: 100 }, "took more than 100 steps"],
  ["{{range 99}}0123456789{{end}}", { outputLength: 100 }, "wrote more than 100 characters"],
  ['{{define "x"}}{{template "x"}}{{end}}{{template "x"}}', {}, "maximum template depth"],
])("limits: %s", async (text, limits, message) => {
  const { templates } = parseTemplates([{ name: "t", text }], { functions });
  await expect(templates!.execute("t", null, { limits })).rejects.toThrow(message);
});

test("nesting is bounded while parsing", () => {
  const deep = `{{${"(".repeat(5000)}1${")".repeat(5000)}}}`;
  const blocks = `${"{{if 1}}".repeat(5000)}${"{{end}}".repeat(5000)}`;
  for (const text of [deep, blocks]) {
    const [error] = parseTemplates([{ name: "t", text }], { functions }).errors;
    expect(error?.code).toBe("template/limit");
  }
});

test("an aborted run ends", async () => {
  const controller = new AbortController();
  const { templates } = parseTemplates([{ name: "t", text: "{{ stop }}{{ 1 }}" }], {
    functions: { stop: () => controller.abort() ?? "" },
  });
  await expect(templates!.execute("t", null, { signal: controller.signal })).rejects.toMatchObject({
    code: "template/canceled",
  });
});

test("what only inherits from Object is no field", async () => {
  expect(await run("{{ .constructor }} {{ .toString }}", {})).toBe(" ");
  await expect(run("{{ .Struct.constructor }}")).rejects.toThrow("can't evaluate field");
});

test("a bug in a function is not dressed up as the template's fault", async () => {
  const bug = new Error("BUG: broken");
  const { templates } = parseTemplates([{ name: "t", text: "{{ f }}" }], {
    functions: {
      f: () => {
        throw bug;
      },
    },
  });
  await expect(templates!.execute("t", null)).rejects.toBe(bug);
});

test("text without actions comes out as it went in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      fc.pre(!text.includes("{{"));
      expect(await run(text)).toBe(text);
    }),
  );
});

test("any text either parses or is refused with a place; nothing else is thrown", () => {
  const piece = fc.constantFrom(
    "{{",
    "}}",
    "{{-",
    "-}}",
    "if",
    "range",
    "end",
    "else",
    "define",
    "with",
    " ",
    ".",
    ".a",
    "$",
    "$x",
    ":=",
    "=",
    "|",
    "(",
    ")",
    '"s"',
    "`r`",
    "1",
    "-",
    "'c'",
    ",",
    "nil",
    "len",
    "/*",
    "*/",
    "break",
    "template",
    "block",
    "é",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const { templates, errors } = parseTemplates([{ name: "t", text }], { functions });
      expect(templates === undefined).toBe(errors.length > 0);
      for (const error of errors) expect(error.span.start).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});

test("a value with a method String is printed by it", async () => {
  const pairs = Object.assign(new Map([["a", "1"]]), { String: () => "a=1" });
  expect(await run("{{ . }} {{ print . }} {{ .a }}", pairs)).toBe("a=1 a=1 1");
});

test("safe text prints as its text", () => {
  expect(sprintf("%s %v", [new SafeText("<b>"), new SafeText("x")])).toBe("<b> x");
});
