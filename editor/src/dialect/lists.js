/* Lists that begin where an editor means one. See shared/markup/lists.py. */

import { HARD_SPACE, SPACES } from "./characters.js";
import { lineOf } from "./blocks.js";

const BULLETS = "•‣◦▪▫●○■□➢\uf0b7\uf0a7";
const NOT_SPACE = `[^${SPACES}]`;
const PLAIN = new RegExp(`^([-*+])(?=[ \\t\\u00a0]+${NOT_SPACE})`, "u");
const PLUS_A_NUMBER = new RegExp(`^\\+[${SPACES}]+\\p{Nd}`, "u");
const FROM_WORD = new RegExp(
  `^(?:([${BULLETS}])(?=[ \\t\\u00a0]*${NOT_SPACE})|([o·–—])(?=\\t[${SPACES}]*${NOT_SPACE}))`,
  "u",
);
const DASH = new RegExp(`^–[ \\u00a0]+${NOT_SPACE}`, "u");
const NUMBER = new RegExp(`^(\\d{1,9})([.)])(?=[ \\t\\u00a0]+${NOT_SPACE})`, "u");

/* markdown-it's rule, with markers of our own, and without tasks. */
export function listBlock(state, startLine, endLine, silent) {
  const marker = markerOf(state, startLine, endLine);
  if (!marker) return false;
  if (silent) return mayInterrupt(state, startLine, marker);
  const opened = openLists(state);
  opened.push(marker.kind);
  const place = state.tokens.length;
  const [name, tag] = marker.number ? ["ordered_list", "ol"] : ["bullet_list", "ul"];
  const token = state.push(`${name}_open`, tag, 1);
  if (marker.number && Number(marker.number) !== 1) token.attrs = [["start", Number(marker.number)]];
  token.markup = marker.kind;
  const lines = (token.map = [startLine, 0]);
  const parent = state.parentType;
  state.parentType = "list";
  const tight = items(state, startLine, endLine, marker);
  state.push(`${name}_close`, tag, -1).markup = marker.kind;
  lines[1] = state.line;
  state.parentType = parent;
  opened.pop();
  token.meta = { tight };
  if (tight) hideParagraphs(state, place);
  return true;
}

/* The kinds of the lists around, outermost first. */
const openLists = (state) => (state.env.openLists ??= []);

/* The marker that `line` begins with; where `within` is a kind, only one of that kind. */
function markerOf(state, line, endLine, within = null) {
  if (line >= endLine) return null;
  const text = lineOf(state, line);
  const start = state.bMarks[line] + state.tShift[line];
  let found = null;
  let match;
  if ((match = NUMBER.exec(text))) {
    found = { end: start + match[0].length, kind: match[2], number: match[1], fromWord: false };
  } else if ((match = PLAIN.exec(text))) {
    if (!PLUS_A_NUMBER.test(text)) found = { end: start + 1, kind: match[1], number: "", fromWord: false };
  } else if ((match = FROM_WORD.exec(text))) {
    const [first = ""] = text.slice(1).replace(new RegExp(`^[${SPACES}]+`), "");
    const minus = (match[2] === "–" || match[2] === "—") && /[\p{Nd}\p{No}]/u.test(first);
    found = { end: start + 1, kind: match[1] ?? match[2], number: "", fromWord: !minus };
  } else if (DASH.test(text) && (openLists(state).includes("–") || dashes(state, line, endLine))) {
    found = { end: start + 1, kind: "–", number: "", fromWord: false };
  }
  return found && (within === null || within === found.kind) ? found : null;
}

/* Whether a line that begins with a dash is an item: one alone, and a question, is speech. */
function dashes(state, line, endLine) {
  const following = line + 1 < endLine ? lineOf(state, line + 1) : "";
  return DASH.test(following) && !lineOf(state, line).replace(/[ »”]+$/, "").endsWith("?");
}

function mayInterrupt(state, line, marker) {
  const opened = openLists(state);
  if (state.sCount[line] < state.blkIndent && state.parentType === "paragraph") {
    return marker.fromWord || opened.includes(marker.kind);
  }
  if (marker.fromWord) return true;
  const insideItem = opened.length > 0 && state.listIndent >= 0;
  const first = !marker.number || Number(marker.number) === 1;
  return state.parentType === "paragraph" && insideItem && first;
}

/* Read the items; whether they stand close together. */
function items(state, startLine, endLine, marker) {
  let [line, tight, emptyEnd, following] = [startLine, true, false, marker];
  const terminators = state.md.block.ruler.getRules("list");
  while (following) {
    const token = state.push("list_item_open", "li", 1);
    token.markup = marker.kind;
    token.info = following.number;
    const lines = (token.map = [line, 0]);
    const close = item(state, line, endLine, following.end);
    if (!close || emptyEnd) tight = false;
    emptyEnd = state.line - line > 1 && state.isEmpty(state.line - 1);
    state.push("list_item_close", "li", -1).markup = marker.kind;
    line = lines[1] = state.line;
    if (line >= endLine || state.sCount[line] < state.blkIndent) break;
    if (terminators.some((rule) => rule(state, line, endLine, true))) break;
    following = markerOf(state, line, endLine, marker.kind);
  }
  return tight;
}

/* Read the item at `line`, whose text begins behind `start`; whether it has no blank lines. */
function item(state, line, endLine, start) {
  const first = state.bMarks[line] + state.tShift[line];
  const afterMarker = state.sCount[line] + start - first;
  let [offset, pos] = [afterMarker, start];
  while (pos < state.eMarks[line] && ` \t${HARD_SPACE}`.includes(state.src[pos])) {
    offset += state.src[pos] === "\t" ? 4 - ((offset + state.bsCount[line]) % 4) : 1;
    pos += 1;
  }
  const indent = afterMarker + (offset - afterMarker <= 4 ? offset - afterMarker : 1);
  const { tight, listIndent, blkIndent } = state;
  const [shift, count] = [state.tShift[line], state.sCount[line]];
  Object.assign(state, { listIndent: blkIndent, blkIndent: indent, tight: true });
  state.tShift[line] = pos - state.bMarks[line];
  state.sCount[line] = offset;
  state.md.block.tokenize(state, line, endLine);
  const close = state.tight;
  Object.assign(state, { tight, listIndent, blkIndent });
  state.tShift[line] = shift;
  state.sCount[line] = count;
  return close;
}

function hideParagraphs(state, place) {
  const level = state.level + 2;
  for (const token of state.tokens.slice(place)) {
    const isParagraph = token.type === "paragraph_open" || token.type === "paragraph_close";
    if (token.level === level && isParagraph) token.hidden = true;
  }
}
