/* A block as it can be written: what Markdown has no signs for is taken away.
 *
 * Spaces at the ends of a text, empty paragraphs and items, breaks with nothing behind them, and
 * emphasis of nothing but a space. None of it can be seen on the page.
 */

/* `node` as it can be written; null if nothing is left. */
export function cleaned(node, schema) {
  if (node.type === schema.nodes.source) return node.textContent.trim() ? node : null;
  if (node.isAtom) return node;
  if (node.isTextblock) {
    const texts = cleanTexts(node, schema);
    return texts.length ? node.type.create(node.attrs, texts) : null;
  }
  const isTable = /^table/.test(node.type.name);
  const children = [];
  node.forEach((child) => {
    const clean = cleaned(child, schema);
    if (!clean && isTable) children.push(child.type.create(child.attrs));
    else if (clean && isRest(clean, schema)) clean.forEach((list) => list.forEach((item) => children.push(item)));
    else if (clean) children.push(clean);
  });
  if (!children.length) return null;
  return node.type.create(attrsOf(node, children, schema), children);
}

/* An item without a text of its own: its inner items take its place. */
function isRest(node, schema) {
  return node.type === schema.nodes.list_item && /_list$/.test(node.firstChild.type.name);
}

/* Whether two cleaned blocks are the same to a reader. */
export function same(one, other) {
  return JSON.stringify(one, unspread) === JSON.stringify(other, unspread);
}

const unspread = (key, value) => (key === "spread" ? undefined : value);

/* A list of one that does not begin with one would be a paragraph. */
function attrsOf(node, children, schema) {
  const alone = node.type === schema.nodes.ordered_list && children.length === 1;
  return alone ? { ...node.attrs, order: 1 } : node.attrs;
}

function cleanTexts(node, schema) {
  const isBreak = (one) => one?.type === schema.nodes.hardbreak;
  const parts = [];
  node.forEach((child) => parts.push(child));
  const split = parts.flatMap((part, at) => spacesApart(part, parts[at - 1], parts[at + 1]));
  const found = [];
  const isEdge = (one) => !one || isBreak(one);
  for (const part of split) {
    if (isBreak(part)) {
      trimEnd(found);
      if (!isEdge(found.at(-1))) found.push(part);
      continue;
    }
    const text = part.isText && (isEdge(found.at(-1)) ? part.text.trimStart() : part.text);
    if (text === "") continue;
    const now = part.isText ? part.withText(text) : part;
    const last = found.at(-1);
    if (last?.isText && now.isText && last.sameMarkup(now)) {
      found[found.length - 1] = last.withText(last.text + now.text);
    } else found.push(now);
  }
  trimEnd(found);
  while (isBreak(found.at(-1))) found.pop();
  return found;
}

/* Without spaces at the end. */
function trimEnd(found) {
  while (found.at(-1)?.isText) {
    const last = found.pop();
    const text = last.text.trimEnd();
    if (text) {
      found.push(last.withText(text));
      return;
    }
  }
}

/* A text with the spaces at its ends in texts of their own: they have only the marks that go on
 * beside them. */
function spacesApart(part, before, after) {
  if (!part.isText && part.type.name !== "hardbreak") return [part];
  if (!part.marks.length) return [part];
  const [, start, core, end] = /^(\s*)([^]*?)(\s*)$/.exec(part.isText ? part.text : "");
  const common = (other) => part.marks.filter((mark) => other && mark.isInSet(other.marks));
  const both = (other) => (core ? common(other) : common(before).filter((mark) => common(after).includes(mark)));
  if (!part.isText) return [part.mark(both(before))];
  return [
    start && part.withText(start).mark(both(before)),
    core && part.withText(core),
    end && part.withText(end).mark(both(after)),
  ].filter(Boolean);
}
