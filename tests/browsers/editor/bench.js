// What the tests do with the editor's parts in a browser.
import { parser, read, Slices, undo, write } from "./editor.js";

// A small choice of ways to change one block. `random` gives a number below its argument.
const CHANGES = {
  type(view, from, to, random) {
    const words = ["x", " 2*500 mg", "Ø", " **a** ", "– ", "_", " # ", "1. ", "[a](b)", "\\", "  "];
    view.dispatch(view.state.tr.insertText(words[random(words.length)], from + random(to - from + 1)));
  },
  erase(view, from, to, random) {
    if (from === to) return;
    const start = from + random(to - from);
    view.dispatch(view.state.tr.delete(start, Math.min(to, start + 1 + random(5))));
  },
  mark(view, from, to, random) {
    if (from === to) return;
    const { strong, emphasis, link } = view.state.schema.marks;
    const marks = [strong.create(), emphasis.create(), link.create({ href: "https://example.org/ny" })];
    const start = from + random(to - from);
    view.dispatch(view.state.tr.addMark(start, start + 1 + random(to - start), marks[random(marks.length)]));
  },
};

// Change one block of `body` and undo it. What was changed, the text then, and the text after.
export function changeOne(visual, body, seed) {
  const random = numbers(seed);
  visual.open(body);
  const { view } = visual;
  const untouched = visual.read().text;
  const { blocks, above, gaps } = visual.slices;
  const places = [];
  view.state.doc.forEach((node, offset, index) => {
    node.isTextblock && places.push({ index, from: offset + 1, to: offset + 1 + node.content.size });
    node.isTextblock || node.descendants((inner, at) => {
      if (inner.isTextblock) places.push({ index, from: offset + at + 2, to: offset + at + 2 + inner.content.size });
    });
  });
  if (!places.length || !blocks.length) return { untouched, skipped: true };
  const { index, from, to } = places[random(places.length)];
  const names = Object.keys(CHANGES);
  const name = names[random(names.length)];
  const doc = view.state.doc;
  CHANGES[name](view, from, to, random);
  const changed = visual.read();
  const start = blocks.slice(0, index).reduce((sum, { source }, at) => sum + source.length + gaps[at].length, above.length);
  const end = start + blocks[index].source.length;
  const [before, after] = [body.slice(0, start), body.slice(end)];
  // A block of which nothing is left takes its gap with it.
  const isGone = changed.text.startsWith(before.trimEnd()) && changed.text.endsWith(after.trimStart()) &&
    !changed.text.slice(before.trimEnd().length, changed.text.length - after.trimStart().length).trim();
  // A footnote goes with its last mark and a mark with its note, and marks are numbered by their order:
  // then all else has to be as it was, with the gaps between, but for the labels.
  const isOfNotes = marks(blocks) !== marks(read(changed.text, visual.schema).blocks);
  const isKept = isGone || (changed.text.startsWith(before) && changed.text.endsWith(after)) ||
    (isOfNotes && areIn(unlabelled(changed.text, blocks[index]), runs(blocks, gaps, index).map((run) => unlabelled(run, blocks[index]))));
  const shown = view.state.doc.child(Math.min(index, view.state.doc.childCount - 1)).toString();
  while (undo(view.state, view.dispatch));
  const undone = visual.read().text;
  return {
    untouched, name, isKept, isOfNotes, isExact: changed.isExact, text: changed.text, undone, block: blocks[index].source, shown,
    isSource: blocks[index].node.type.name === "source", isSame: doc.eq(view.state.doc),
  };
}

// The labels of the footnotes' marks in these blocks, in their order.
function marks(blocks) {
  const found = [];
  for (const { node } of blocks) {
    node.descendants(({ type, attrs }) => void (type.name === "footnote_reference" && found.push(attrs.label)));
  }
  return found.join(" ");
}

// What may not go: all but the block that is changed, and the notes whose only marks it had. Blocks that
// stand together have the gaps between.
function runs(blocks, gaps, changed) {
  const its = marks([blocks[changed]]).split(" ");
  const elsewhere = marks(blocks.filter((_, at) => at !== changed)).split(" ");
  const found = [[]];
  blocks.forEach(({ node, source }, at) => {
    const { label } = node.attrs;
    const mayGo = at === changed || (isNote(node) && its.includes(label) && !elsewhere.includes(label));
    if (mayGo) found.push([]);
    else found.at(-1).push(...(found.at(-1).length ? [gaps[at - 1]] : []), source);
  });
  return found.map((run) => run.join("")).filter(Boolean);
}

function isNote(node) {
  return node.type.name === "footnote_definition";
}

// Without labels, since they are written anew; and without marks if a note was changed, which takes its own along.
function unlabelled(text, changed) {
  return text.replace(/\[\^[^\]\s]+\](?!:)/g, isNote(changed.node) ? "" : "[^]").replace(/\[\^[^\]\s]+\]:/g, "[^]:");
}

// Whether the texts stand in `text`, one behind the other.
function areIn(text, texts) {
  let at = 0;
  return texts.every((one) => {
    const found = text.indexOf(one, at);
    at = found + one.length;
    return found >= 0;
  });
}

function numbers(seed) {
  let state = seed >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export { parser, read, Slices, write };

const KINDS = {
  heading: "h", paragraph: "p", blockquote: "blockquote", bullet_list: "ul", ordered_list: "ol", list_item: "li", hr: "hr",
  table: "table", table_header_row: "tr", table_row: "tr", table_header: "th", table_cell: "td",
};

// The blocks of `body` as simple tags and words, to be held against the page; null if a part of it is
// shown as text. Footnotes' texts and bare addresses' links are left out, as on the other side.
export function outline(body, schema) {
  const { blocks } = read(body, schema);
  if (blocks.some(({ node }) => node.type.name === "source")) return null;
  return blocks.map(({ node }) => tagged(node)).join("");
}

function tagged(node) {
  const { name } = node.type;
  if (name === "footnote_definition") return "";
  if (name === "picture") return `<figure>${node.attrs.alt}|${node.attrs.title}</figure>`;
  if (name === "footnote_reference") return "<sup>";
  if (name === "hardbreak") return node.attrs.isInline ? " " : "<br>";
  const start = name === "ordered_list" ? ` ${node.attrs.order}` : "";
  // A cell's and a close item's text is no paragraph on the page.
  const isBare = /^table_(header|cell)$/.test(name);
  return `<${KINDS[name]}${start}>${isBare ? words(node.firstChild) : words(node)}</${KINDS[name]}>`;
}

const SIGNS = { strong: "s", emphasis: "e", inlineCode: "c", link: "a" };

// The inside of a node; each letter of its texts has its marks before it.
function words(node) {
  let text = "";
  node.forEach((child) => {
    if (!child.isText) text += tagged(child);
    else text += spelled(child.text, child.marks.map((mark) => SIGNS[mark.type.name]).sort().join(""));
  });
  return text;
}

const spelled = (text, signs) => (signs ? [...text].map((char) => (char.trim() ? `{${signs}}${char}` : char)).join("") : text);
