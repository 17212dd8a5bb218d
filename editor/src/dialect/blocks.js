/* Headings, quotations, rules, code and pictures. See shared/markup/blocks.py. */

import blockquote from "markdown-it/lib/rules_block/blockquote.mjs";
import htmlBlock from "markdown-it/lib/rules_block/html_block.mjs";
import hr from "markdown-it/lib/rules_block/hr.mjs";
import lheading from "markdown-it/lib/rules_block/lheading.mjs";
import referenceRule from "markdown-it/lib/rules_block/reference.mjs";

import { SPACES, trimmed } from "./characters.js";

const HEADING = new RegExp(
  `^(?:(#{1,6})[ \\t\\u00a0]+([^${SPACES}].*)|(#{2,6})([«"“(]?(?:\\p{L}|\\p{Nl}).*))$`,
  "u",
);
const NUMBER_SIGN = /^#[ \t\u00a0]+\p{Nd}/u;
const NO_QUOTATION = new RegExp(`^[>${SPACES}]*>[${SPACES}]*(?:=|[.,]?\\p{Nd}|$)`, "u");
const UNDERLINE = /^(?:-{3,}|={3,})[ \t]*$/;
const FENCE = /^(?:`{3,}|~{3,})[ \t]*$/;
const PICTURE = new RegExp(
  `^!\\[[^\\[\\]]*\\]\\((?:<[^<>]*>|[^${SPACES}()<>]*)(?:[ \\t]+(?:"[^"]*"|'[^']*'))?[ \\t]*\\)[ \\t]*$`,
  "u",
);

/* `rule`, to which four spaces before a line mean nothing: there is no indented code. */
function unindented(rule) {
  return (state, line, endLine, silent) => {
    const indent = state.sCount[line];
    state.sCount[line] = Math.min(indent, state.blkIndent + 3);
    const found = rule(state, line, endLine, silent);
    state.sCount[line] = indent;
    return found;
  };
}

const [anyHr, anyQuotation, anyUnderlined] = [hr, blockquote, lheading].map(unindented);
export const html = unindented(htmlBlock);
export const linkDefinition = unindented(referenceRule);

/* Lines of nothing but spaces, hard ones too, are blank. */
export function blankLines(state) {
  state.src = state.src
    .split("\n")
    .map((line) =>
      /[^> \t\u00a0]/.test(line) ? line : line.replaceAll("\u00a0", " ").replace(END, ""),
    )
    .join("\n");
}
const END = new RegExp(`[${SPACES}]+$`);

export function lineOf(state, line) {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
}

/* `## Tittel`, and `##Tittel` too. Marks at the end belong to it where they are as many. */
export function heading(state, line, _end, silent) {
  const text = lineOf(state, line);
  const found = silent ? null : HEADING.exec(text);
  if (!found || NUMBER_SIGN.test(text)) return false;
  const marks = found[1] ?? found[3];
  const words = trimmed(found[2] ?? found[4]);
  const closing = new RegExp(`^(.*[^${SPACES}])[ \\t]+${marks}$`, "u").exec(words);
  state.line = line + 1;
  for (const [name, nesting] of [["heading_open", 1], ["inline", 0], ["heading_close", -1]]) {
    const token = state.push(name, nesting ? `h${marks.length}` : "", nesting);
    token.markup = nesting ? marks : "";
    token.map = nesting >= 0 ? [line, line + 1] : null;
    if (name === "inline") {
      token.content = closing ? closing[1] : words;
      token.children = [];
    }
  }
  return true;
}

/* One line over three marks or more. */
export function underlinedHeading(state, line, endLine, silent) {
  if (line + 1 >= endLine) return false;
  const indent = state.sCount[line + 1] - state.blkIndent;
  if (indent < 0 || indent > 3) return false;
  return UNDERLINE.test(lineOf(state, line + 1)) && anyUnderlined(state, line, endLine, silent);
}

/* `- - -` could be the line of a paragraph; `---` could not. Neither is one behind a number. */
export function rule(state, line, endLine, silent) {
  const spaced = lineOf(state, line).trim().split(new RegExp(`[${SPACES}]+`)).length > 1;
  const start = state.bMarks[line];
  const behind = state.src.slice(start, start + state.tShift[line]).trim();
  return !(silent && spaced) && !behind && anyHr(state, line, endLine, silent);
}

export function quotation(state, line, endLine, silent) {
  if (silent && state.parentType !== "list") return false;
  if (NO_QUOTATION.test(lineOf(state, line))) return false;
  return anyQuotation(state, line, endLine, silent);
}

/* Code between two fences: one without an end is text. */
export function closedFence(state, line, endLine, silent) {
  const text = lineOf(state, line);
  if (silent || !FENCE.test(text)) return false;
  const [mark] = text;
  const length = runOf(text);
  const unclosed = (state.env.unclosed ??= new Map());
  const key = `${mark} ${endLine} ${state.blkIndent}`;
  if (length >= (unclosed.get(key) ?? length + 1)) return false;
  const last = endOfFence(state, line, endLine, mark, length);
  if (last === null) {
    unclosed.set(key, length);
    return false;
  }
  state.line = last + 1;
  const token = state.push("fence", "code", 0);
  token.content = state.getLines(line + 1, last, state.sCount[line], true);
  token.markup = text.slice(0, length);
  token.map = [line, state.line];
  return true;
}

const runOf = (text) => /^(.)\1*/.exec(text)?.[0].length ?? 0;

/* The line that closes the fence; null if none does. */
function endOfFence(state, line, endLine, mark, length) {
  for (let next = line + 1; next < endLine; next += 1) {
    const text = lineOf(state, next);
    if (text && state.sCount[next] < state.blkIndent) return null;
    if (text[0] === mark && runOf(text) >= length && /^.[ \t]*$/.test(text.slice(runOf(text) - 1))) {
      return next;
    }
  }
  return null;
}

/* A picture on a line of its own is a paragraph of its own. */
export function picture(state, line, _end, silent) {
  const text = lineOf(state, line);
  if (!PICTURE.test(text)) return false;
  if (silent) return state.parentType === "paragraph" && state.sCount[line] >= state.blkIndent;
  state.line = line + 1;
  state.push("paragraph_open", "p", 1).map = [line, line + 1];
  const inline = state.push("inline", "", 0);
  inline.content = trimmed(text);
  inline.map = [line, line + 1];
  inline.children = [];
  state.push("paragraph_close", "p", -1);
  return true;
}
