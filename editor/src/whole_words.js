/* Emphasis stands at word borders, as on the page: half a word cannot have it. What is marked or typed
 * so grows to the whole word at once, and the writer sees it.
 */

import { Plugin } from "@milkdown/kit/prose/state";

const BEFORE = /[\s([{«"'“”„‘’‹–—\-…]$/;
const AFTER = /^[\s.,;:!?)\]}»"'”“’‘›–—\-…]/;
const ATOM = "\ufffc";

/* The plugin, for `schema`. */
export function wholeWords(schema) {
  return new Plugin({
    appendTransaction(transactions, before, { doc, tr }) {
      if (!transactions.some(({ docChanged }) => docChanged)) return null;
      // An undo gives back what was.
      if (transactions.some((one) => one.getMeta("history$"))) return null;
      doc.descendants((node, place) => {
        if (!node.isTextblock) return true;
        for (const type of [schema.marks.emphasis, schema.marks.strong]) widen(tr, node, place + 1, type);
        return false;
      });
      return tr.docChanged ? tr : null;
    },
  });
}

function widen(tr, node, start, type) {
  const text = node.textBetween(0, node.content.size, null, (leaf) => (leaf.type.name === "hardbreak" ? "\n" : ATOM));
  for (const [from, to] of runs(node, type)) {
    const [first, last] = [from + startSpaces(text.slice(from, to)), to - endSpaces(text.slice(from, to))];
    if (first >= last) continue;
    let [wideFrom, wideTo] = [first, last];
    if (first && !BEFORE.test(text.slice(0, first))) wideFrom = text.slice(0, first).search(/\S+$/);
    const after = text[last];
    if (after && after !== ATOM && !AFTER.test(text.slice(last))) {
      wideTo = last + /^\S+/.exec(text.slice(last))[0].length;
    }
    if (wideFrom < from || wideTo > to) tr.addMark(start + wideFrom, start + wideTo, type.create());
  }
}

const startSpaces = (text) => /^\s*/.exec(text)[0].length;
const endSpaces = (text) => /\s*$/.exec(text)[0].length;

/* From where to where the texts of `node` have a mark of this type. */
function runs(node, type) {
  const found = [];
  node.forEach((child, offset) => {
    if (!type.isInSet(child.marks)) return;
    if (found.at(-1)?.[1] === offset) found.at(-1)[1] = offset + child.nodeSize;
    else found.push([offset, offset + child.nodeSize]);
  });
  return found;
}
