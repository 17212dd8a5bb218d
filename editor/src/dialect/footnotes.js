/* Footnotes, after mdit_py_plugins/footnote, which the page's parser uses; itself a port of
 * markdown-it-footnote (MIT). Their texts stay where they stand: the editor shows them there.
 */

/* `[^1]: Where it stands.` */
export function definition(state, startLine, endLine, silent) {
  const start = state.bMarks[startLine] + state.tShift[startLine];
  const max = state.eMarks[startLine];
  if (start + 4 > max || !state.src.startsWith("[^", start)) return false;
  let pos = start + 2;
  while (pos < max && state.src[pos] !== "]") {
    if (state.src[pos] === " ") return false;
    pos += 1;
  }
  if (pos === start + 2) return false;
  pos += 1;
  if (pos >= max || state.src[pos] !== ":") return false;
  if (silent) return true;
  pos += 1;
  const label = state.src.slice(start + 2, pos - 2);
  (state.env.footnotes ??= new Set()).add(label);
  const opening = new state.Token("footnote_reference_open", "", 1);
  opening.meta = { label };
  opening.level = state.level++;
  state.tokens.push(opening);
  const kept = [state.bMarks[startLine], state.tShift[startLine], state.sCount[startLine]];
  const parent = state.parentType;
  const afterColon = pos;
  const initial =
    state.sCount[startLine] + pos - (state.bMarks[startLine] + state.tShift[startLine]);
  let offset = initial;
  for (; pos < max; pos += 1) {
    if (state.src[pos] === "\t") offset += 4 - (offset % 4);
    else if (state.src[pos] === " ") offset += 1;
    else break;
  }
  state.tShift[startLine] = pos - afterColon;
  state.sCount[startLine] = offset - initial;
  state.bMarks[startLine] = afterColon;
  state.blkIndent += 4;
  state.parentType = "footnote";
  if (state.sCount[startLine] < state.blkIndent) state.sCount[startLine] += state.blkIndent;
  state.md.block.tokenize(state, startLine, endLine);
  state.parentType = parent;
  state.blkIndent -= 4;
  [state.bMarks[startLine], state.tShift[startLine], state.sCount[startLine]] = kept;
  opening.map = [startLine, state.line];
  const closing = new state.Token("footnote_reference_close", "", -1);
  closing.level = --state.level;
  state.tokens.push(closing);
  return true;
}

/* `^[Where it stands.]`; its inside is read by the page alone. */
export function inlineFootnote(state, silent) {
  const start = state.pos;
  if (start + 2 >= state.posMax || !state.src.startsWith("^[", start)) return false;
  const end = state.md.helpers.parseLinkLabel(state, start + 1);
  if (end < 0) return false;
  if (!silent) {
    const token = state.push("footnote_ref", "", 0);
    token.meta = {};
    token.content = state.src.slice(start + 2, end);
  }
  state.pos = end + 1;
  return true;
}

/* `[^1]`, if there is a text for it. */
export function reference(state, silent) {
  const start = state.pos;
  const labels = state.env.footnotes;
  if (start + 3 > state.posMax || !labels?.size || !state.src.startsWith("[^", start)) return false;
  let pos = start + 2;
  while (pos < state.posMax && state.src[pos] !== "]") {
    if (state.src[pos] === " " || state.src[pos] === "\n") return false;
    pos += 1;
  }
  if (pos === start + 2 || pos >= state.posMax) return false;
  const label = state.src.slice(start + 2, pos);
  if (!labels.has(label)) return false;
  if (!silent) state.push("footnote_ref", "", 0).meta = { label };
  state.pos = pos + 1;
  return true;
}
