/* From the editor's blocks to Markdown: bullets `-`, emphasis `*`, rules `-`.
 *
 * A text is written as it stands if it reads back as it stands; only where it does not, marks are
 * escaped. So «2*500 mg» stays that, and a reviewer sees no strokes that nobody typed.
 */

import { cleaned, same } from "./cleaning.js";
import { Unshowable } from "./inline.js";
import { readAlone } from "./reading.js";

const PLAIN = 0;
const INSIDE = 1;
const STARTS = 2;
const ALL = 3;
/* How much is escaped: nothing, what begins or ends markup inside a text, what begins a block as well,
 * every mark. */

const INLINE = /[\\`*_[\]<]|!(?=\[)|\^(?=\[)/g;
const MARKS = /[!-/:-@[-`{-~]/g;
const LINE_START = /^(\s*)(?:([-+*>#=~|`])|(\d+)([.)]))/;

/* `node` as Markdown; empty if nothing of it can be seen. `isExact` is false if no way was found to
 * write it so that it reads back as it is shown. `harder`: from how careful a way on, and `other` for
 * a list's other bullet, which keeps it apart from a list before it. */
export function write(node, footnotes, schema, { harder = PLAIN, other = false } = {}) {
  const wanted = cleaned(node, schema);
  if (!wanted) return { text: "", wanted: [], isExact: true };
  if (wanted.type === schema.nodes.source) {
    return { text: node.textContent.replace(/^\n+|\s+$/g, ""), wanted: null, isExact: true };
  }
  for (const way of ways(harder, other)) {
    const text = new Writer(way, schema).block(wanted);
    if (readsBack(text, [wanted], footnotes, schema)) return { text, wanted: [wanted], isExact: true };
  }
  const text = new Writer({ escapes: ALL, em: "*", end: "\\\n", bullet: "-", space: " ", digits: "." }, schema).block(plainly(wanted, schema));
  return { text, wanted: null, isExact: false };
}

function* ways(harder, other) {
  const bullets = other ? ["*", "•"] : ["-", "•"];
  const space = other ? "   " : " ";
  for (let escapes = harder; escapes <= ALL; escapes += 1) {
    for (const bullet of bullets) {
      for (const [em, end] of [["*", "\\\n"], ["_", "\\\n"], ["*", "  \n"]]) {
        yield { escapes, em, end, bullet, space, digits: other ? ")" : "." };
      }
    }
  }
}

function readsBack(text, wanted, footnotes, schema) {
  try {
    const found = readAlone(text, footnotes, schema);
    return found.length === wanted.length && found.every((node, at) => same(node, wanted[at]));
  } catch (error) {
    if (error instanceof Unshowable || error instanceof RangeError) return false;
    throw error;
  }
}

/* Without emphasis, for what cannot be written with it. */
function plainly(node, schema) {
  if (node.isText) return node.mark(node.marks.filter(({ type }) => type === schema.marks.link));
  const children = [];
  node.forEach((child) => children.push(plainly(child, schema)));
  return node.isLeaf ? node : node.type.create(node.attrs, children);
}

class Writer {
  constructor(way, schema) {
    this.way = way;
    this.kinds = schema.nodes;
  }

  block(node) {
    const kinds = this.kinds;
    switch (node.type) {
      case kinds.heading:
        return this.heading(node);
      case kinds.blockquote:
        return this.blocks(node, "\n\n").replace(/^(?=.)/gm, "> ").replace(/^$/gm, ">");
      case kinds.bullet_list:
        return this.list(node, () => this.way.bullet);
      case kinds.ordered_list:
        return this.list(node, (at) => `${node.attrs.order + at}${this.way.digits}`);
      case kinds.hr:
        return "---";
      case kinds.picture:
        return pictureText(node.attrs);
      case kinds.footnote_definition:
        return `[^${node.attrs.label}]: ${indented(this.blocks(node, "\n\n"), 4)}`;
      case kinds.table:
        return this.table(node);
      default:
        return this.texts(node);
    }
  }

  heading(node) {
    const text = this.texts(node).replace(/\s*\\?\n/g, " ");
    // «# 5» is number five.
    if (node.attrs.level === 1 && /^\d/.test(text)) return `${text}\n===`;
    return `${"#".repeat(node.attrs.level)} ${text}`;
  }

  blocks(node, between) {
    const texts = [];
    node.forEach((child) => texts.push(this.block(child)));
    return texts.join(between);
  }

  list(node, markOf) {
    const isLoose = node.attrs.spread || [...children(node)].some(hasParagraphs);
    const items = [...children(node)].map((item, at) => {
      const mark = markOf(at) + this.way.space;
      const inside = isLoose ? this.blocks(item, "\n\n") : this.blocks(item, "\n");
      return mark + indented(inside, mark.length);
    });
    return items.join(isLoose ? "\n\n" : "\n");
  }

  table(node) {
    const rows = [...children(node)].map((row) =>
      [...children(row)].map((cell) => this.blocks(cell, " ").replace(/\s*\\?\n\s*/g, " ")),
    );
    const line = (cells) => `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, "\\|")).join(" | ")} |`;
    const rules = [...children(node.firstChild)].map(
      (cell) => ({ right: "--:", center: ":-:" })[cell.attrs.alignment] ?? "---",
    );
    return [line(rows[0]), `| ${rules.join(" | ")} |`, ...rows.slice(1).map(line)].join("\n");
  }

  /* A block's texts, with their marks around them. */
  texts(node) {
    const parts = [...children(node)];
    let [written, open] = ["", []];
    parts.forEach((part, at) => {
      const kept = open.findIndex((mark) => !mark.isInSet(part.marks));
      if (kept >= 0) {
        for (const mark of open.slice(kept).reverse()) written += this.end(mark);
        open = open.slice(0, kept);
      }
      const added = part.marks.filter((mark) => !mark.isInSet(open) && mark.type.name !== "inlineCode");
      added.sort((one, two) => lengthOfRun(parts, at, two) - lengthOfRun(parts, at, one));
      for (const mark of added) written += this.start(mark);
      open = [...open, ...added];
      written += this.part(part);
    });
    for (const mark of [...open].reverse()) written += this.end(mark);
    return this.lineStarts(written);
  }

  start(mark) {
    if (mark.type.name === "link") return "[";
    return mark.type.name === "strong" ? "**" : this.way.em;
  }

  end(mark) {
    if (mark.type.name !== "link") return mark.type.name === "strong" ? "**" : this.way.em;
    return `](${addressText(mark.attrs)})`;
  }

  part(part) {
    if (part.type === this.kinds.footnote_reference) return `[^${part.attrs.label}]`;
    if (part.type === this.kinds.hardbreak) return part.attrs.isInline ? "\n" : this.way.end;
    const isCode = part.marks.some(({ type }) => type.name === "inlineCode");
    if (isCode) return codeText(part.text);
    if (this.way.escapes === PLAIN) return part.text;
    return part.text.replace(this.way.escapes === ALL ? MARKS : INLINE, "\\$&");
  }

  /* What would begin a list or a heading is escaped. */
  lineStarts(text) {
    if (this.way.escapes !== STARTS) return text;
    return text.replace(new RegExp(LINE_START, "gm"), (_, space, mark, number, end) =>
      mark ? `${space}\\${mark}` : `${space}${number}\\${end}`,
    );
  }
}

function* children(node) {
  for (let at = 0; at < node.childCount; at += 1) yield node.child(at);
}

const isList = (node) => /_list$/.test(node?.type.name);

/* Whether an item has a block that only a blank line sets off. */
const hasParagraphs = (item) => [...children(item)].some((child, at) => at && !isList(child));

/* For how many of the parts from `at` on `mark` goes on. */
function lengthOfRun(parts, at, mark) {
  const end = parts.findIndex((part, place) => place > at && !mark.isInSet(part.marks));
  return (end < 0 ? parts.length : end) - at;
}

const indented = (text, spaces) => text.replace(/\n(?=.)/g, `\n${" ".repeat(spaces)}`);

function codeText(text) {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const mark = "`".repeat(longest + 1);
  const space = /^`|`$/.test(text) ? " " : "";
  return `${mark}${space}${text}${space}${mark}`;
}

function addressText({ href, title }) {
  const address = /^[^\s()<>]+$/.test(href) ? href : `<${href.replace(/[<>\\]/g, "\\$&")}>`;
  return title ? `${address} ${quoted(title)}` : address;
}

function pictureText({ src, alt, title }) {
  return `![${alt.replace(/[[\]\\*_\`]/g, "")}](${addressText({ href: src, title })})`;
}

const quoted = (title) => `"${title.replace(/[\\"]/g, "\\$&")}"`;
