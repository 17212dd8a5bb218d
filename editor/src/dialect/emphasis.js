/* Emphasis and code stand at word borders. See shared/markup/emphasis.py. */

import { isLetterOrNumber, isSpace } from "./characters.js";

const BEFORE = new Set("([{«\"'“”„‘’‹–—-…");
const AFTER = new Set(".,;:!?)]}»\"'”“’‘›–—-…[^");

/* Each mark is a token of its own, with whether it may open or close. */
export function emphasis(state, silent) {
  const marker = state.src[state.pos];
  if (silent || (marker !== "*" && marker !== "_")) return false;
  let end = state.pos;
  while (end < state.posMax && state.src[end] === marker) end += 1;
  const length = end - state.pos;
  const [opens, closes] = sides(state, end, length);
  for (let count = 0; count < length; count += 1) {
    state.push("text", "", 0).content = marker;
    state.delimiters.push({
      marker: marker.charCodeAt(0),
      length,
      token: state.tokens.length - 1,
      end: -1,
      open: opens,
      close: closes,
    });
  }
  state.pos = end;
  return true;
}

function sides(state, end, length) {
  const innerLeft = state.pos ? state.src[state.pos - 1] : " ";
  const innerRight = end < state.posMax ? state.src[end] : " ";
  const left = state.src.slice(Math.max(0, state.pos - 4), state.pos);
  const before = pastMarks([...left].reverse().join(""));
  const after = pastMarks(state.src.slice(end, Math.min(end + 4, state.posMax)));
  const opens = !isSpace(innerRight) && (isSpace(before) || BEFORE.has(before));
  let closes = !isSpace(innerLeft) && (isSpace(after) || AFTER.has(after));
  if (length === 2 && !isSpace(before)) {
    closes ||= after === "(" || (isLetterOrNumber(after) && !isLetterOrNumber(before));
  }
  return [opens, closes];
}

function pastMarks(beside) {
  const char = [...beside].find((one) => one !== "*" && one !== "_");
  return char ?? (beside.length < 4 ? " " : "*");
}

/* Code as CommonMark has it, but none that begins or ends inside a word or a number. Not markdown-it's
 * rule: looking ahead from a bracket before it, that one forgets where code ends. */
export function codeAtWordBorders(state, silent) {
  const start = state.pos;
  if (state.src[start] !== "`") return false;
  let opening = start;
  while (opening < state.posMax && state.src[opening] === "`") opening += 1;
  const end = endOfCode(state, opening, opening - start);
  const before = start ? state.src[start - 1] : " ";
  const after = end !== null && end < state.posMax ? state.src[end] : " ";
  if (end === null || isLetterOrNumber(before) || isLetterOrNumber(after)) {
    if (!silent) state.pending += state.src.slice(start, opening);
    state.pos = opening;
    return true;
  }
  if (!silent) {
    const token = state.push("code_inline", "code", 0);
    token.markup = state.src.slice(start, opening);
    const content = state.src.slice(opening, end - token.markup.length).replaceAll("\n", " ");
    token.content = /^ .*[^ ].* $/.test(content) ? content.slice(1, -1) : content;
  }
  state.pos = end;
  return true;
}

/* Where the run of as many backticks ends that closes what begins at `from`; null if none does. */
function endOfCode(state, from, length) {
  let start;
  let place = from;
  while ((start = state.src.indexOf("`", place)) !== -1 && start < state.posMax) {
    place = start + 1;
    while (state.src[place] === "`") place += 1;
    if (place > state.posMax) return null;
    if (place - start === length) return place;
  }
  return null;
}
