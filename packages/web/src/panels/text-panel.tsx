import { createElement, useEffect, useRef } from "react";
import type { TextPanel } from "../model.ts";
import { type Block, parseMarkdown, type Span } from "./markdown.ts";

/** @param text the panel's content, variables filled in */
export function TextView({ panel, text }: { readonly panel: TextPanel; readonly text: string }) {
  if (panel.mode === "code") return <pre className="text-panel">{text}</pre>;
  if (panel.mode === "html") return <Html text={text} />;
  return createElement("div", { className: "text-panel" }, ...parseMarkdown(text).map(toElement));
}

/** An author's HTML: through DOMPurify, as nodes; fetched only where a panel has some. */
function Html({ text }: { readonly text: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isCurrent = true;
    void import("dompurify").then(({ default: purify }) => {
      const clean = purify.sanitize(text, {
        RETURN_DOM_FRAGMENT: true,
        FORBID_TAGS: ["style", "form", "input", "button", "iframe"],
        FORBID_ATTR: ["style", "id", "class"],
      });
      if (isCurrent) ref.current?.replaceChildren(clean);
    });
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return <div className="text-panel" ref={ref} />;
}

/** Children are spread, not listed: they have no identity but their place, so no keys. */
function toElement(block: Block) {
  switch (block.kind) {
    case "heading":
      // A panel's title is an h3 of the page.
      return createElement(`h${Math.min(6, block.level + 3)}`, null, ...block.spans.map(toSpan));
    case "list": {
      const items = block.items.map((spans) => createElement("li", null, ...spans.map(toSpan)));
      return createElement(block.isOrdered ? "ol" : "ul", null, ...items);
    }
    case "code":
      return <pre>{block.text}</pre>;
    case "rule":
      return <hr />;
    case "paragraph":
      return createElement("p", null, ...block.spans.map(toSpan));
  }
}

function toSpan(span: Span) {
  if (span.href !== undefined) {
    return (
      <a href={span.href} target="_blank" rel="noopener noreferrer">
        {span.text}
      </a>
    );
  }
  switch (span.style) {
    case "strong":
      return <strong>{span.text}</strong>;
    case "emphasis":
      return <em>{span.text}</em>;
    case "code":
      return <code>{span.text}</code>;
    case "plain":
      return span.text;
  }
}
