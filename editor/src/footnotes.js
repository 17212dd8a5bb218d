/* Footnotes: a mark in the text and a note below that belong together by a label nobody sees.
 *
 * What is seen is the number by the order of the marks, as on the page. A label stays what it is while
 * somebody writes, so that a mark that is moved keeps its note; only what is written out is numbered
 * anew, if marks have come, gone or changed places. A note goes with its last mark, and a mark with its
 * note; a mark that comes back, as by pasting what was cut, brings its note along.
 */

import { Fragment, Slice } from "@milkdown/kit/prose/model";
import { Plugin } from "@milkdown/kit/prose/state";
import { Decoration, DecorationSet } from "@milkdown/kit/prose/view";

import { cleaned } from "./cleaning.js";

const MARK = "footnote_reference";
const NOTE = "footnote_definition";
const IN_TEXT = /\[\^([^\]\s]+)\](:?)/g;

/* Of this page: a label from another one means another note. */
export const HERE = Math.random().toString(36).slice(2);
/* Set on a change that shows a text made elsewhere. */
export const FOLLOWED = "varsel-followed";

/* What `doc` has: its `marks` and `notes` ({label, place, node}), the labels `inText` that a part shown as
 * text has, and the `order` in which the page meets the labels. */
export function footnotesOf(doc) {
  const [marks, notes, inText, order, later] = [[], [], new Set(), [], []];
  doc.forEach((block, place) => {
    if (block.type.name === "source") {
      for (const [, label, isNote] of block.textContent.matchAll(IN_TEXT)) {
        inText.add(label);
        if (!isNote) order.push(label);
      }
    }
    const isNote = block.type.name === NOTE;
    if (isNote) notes.push({ label: block.attrs.label, place, node: block });
    block.descendants((node, at) => {
      if (node.type.name !== MARK) return;
      marks.push({ label: node.attrs.label, place: place + 1 + at, node });
      (isNote ? later : order).push(node.attrs.label);
    });
  });
  return { marks, notes, inText, order: [...new Set([...order, ...later])] };
}

const labels = (found) => new Set(found.map(({ label }) => label));

/* Where the note of `label` belongs in `doc`: before that of the next mark that has one,
 * or behind that of the one before. */
export function placeOfNote(doc, label) {
  const { notes, order } = footnotesOf(doc);
  const at = order.indexOf(label);
  const noteOf = (labels) => labels.map((one) => notes.find((note) => note.label === one)).find(Boolean);
  const next = noteOf(order.slice(at + 1));
  if (next) return next.place;
  const before = noteOf(order.slice(0, Math.max(at, 0)).reverse());
  return before ? before.place + before.node.nodeSize : doc.content.size;
}

/* `doc` as it is written out, where it was read with the footnotes `was`. `isSame` is false if marks
 * were left out, whose notes say nothing. */
export function numbered(doc, was, schema) {
  const now = footnotesOf(doc);
  const blank = labels(now.notes.filter(({ node }) => !cleaned(node, schema)));
  const lost = new Set([...blank].filter((label) => !now.inText.has(label)));
  const isMoved = now.order.join(" ") !== was.order.join(" ");
  const names = new Map();
  if (isMoved && !now.inText.size) {
    const left = now.order.filter((label) => !lost.has(label));
    left.forEach((label, at) => names.set(label, String(at + 1)));
    // Those without a mark must not be taken for others.
    [...labels(now.notes)].filter((label) => !names.has(label)).forEach((label, at) => names.set(label, String(left.length + at + 1)));
  }
  for (const label of [...names.keys()]) if (!/^\d+$/.test(label)) names.delete(label);
  if (!names.size && !lost.size) return { doc, isSame: true };
  const nodes = mapped(doc.content, (label) => (lost.has(label) ? null : names.get(label) ?? label));
  return { doc: doc.copy(nodes), isSame: !now.marks.some(({ label }) => lost.has(label)) };
}

/* The content with other labels; a mark is left out where `name` gives null. */
function mapped(content, name) {
  const nodes = [];
  let isOther = false;
  content.forEach((node) => {
    let made = node.isLeaf ? node : node.copy(mapped(node.content, name));
    if (node.type.name === MARK || node.type.name === NOTE) {
      const label = name(node.attrs.label);
      if (label === null && node.type.name === MARK) made = null;
      else if (label !== null && label !== node.attrs.label) made = node.type.create({ ...node.attrs, label }, made.content, node.marks);
    }
    if (made && made.eq(node)) made = node;
    isOther ||= made !== node;
    if (made) nodes.push(made);
  });
  return isOther ? Fragment.fromArray(nodes) : content;
}

/* Keeps marks and notes together in one editor. */
export class Footnotes {
  constructor() {
    this.kept = new Map(); // notes that went, by label
    this.highest = 0;
  }

  /* A label that nothing has or had. */
  free(doc) {
    const { notes, inText, order } = footnotesOf(doc);
    for (const label of [...labels(notes), ...inText, ...order, ...this.kept.keys()]) {
      if (/^\d{1,9}$/.test(label)) this.highest = Math.max(this.highest, Number(label));
    }
    this.highest += 1;
    return String(this.highest);
  }

  /* What is pasted into `doc`, with labels of its own for the notes it brings. A mark without a note is
   * left out, unless it `isOurs`. */
  taken(content, doc, isOurs) {
    const [notes, marks] = [new Map(), []];
    content.descendants(({ type, attrs }) => {
      if (type.name === NOTE && !notes.has(attrs.label)) notes.set(attrs.label, this.free(doc));
      if (type.name === MARK) marks.push(attrs.label);
    });
    if (!notes.size && !marks.length) return content;
    return mapped(content, (label) => notes.get(label) ?? (isOurs ? label : null));
  }

  /* The plugin that does it; `t` are the editor's words. */
  plugin(t) {
    let isOurs = false;
    return new Plugin({
      appendTransaction: (transactions, before, state) => {
        if (!transactions.some(({ docChanged }) => docChanged)) return null;
        // An undo gives back what was.
        if (transactions.some((one) => one.getMeta("history$") || one.getMeta(FOLLOWED))) return null;
        return this.together(before.doc, state);
      },
      state: {
        init: (_, { doc }) => shown(doc, t),
        apply: (tr, set) => (tr.docChanged ? shown(tr.doc, t) : set),
      },
      props: {
        decorations(state) {
          return this.getState(state);
        },
        transformPastedHTML(html) {
          isOurs = html.includes(HERE);
          return html;
        },
        transformPasted: (slice, view) => {
          if (view.dragging) return slice; // moved here
          return new Slice(this.taken(slice.content, view.state.doc, isOurs), slice.openStart, slice.openEnd);
        },
      },
    });
  }

  together(before, { doc, tr }) {
    const [was, now] = [footnotesOf(before), footnotesOf(doc)];
    const [hadMark, hadNote, hasMark, hasNote] = [was.marks, was.notes, now.marks, now.notes].map(labels);
    const isFree = (label) => !now.inText.has(label);
    for (const { label, node } of was.notes) if (!hasNote.has(label)) this.kept.set(label, node);
    const [cut, back] = [[], new Set()];
    for (const { label, place, node } of now.notes) {
      if (!hadMark.has(label) || hasMark.has(label) || !isFree(label)) continue;
      this.kept.set(label, node);
      cut.push([place, place + node.nodeSize]);
    }
    for (const { label, place } of now.marks) {
      if (hasNote.has(label) || !isFree(label)) continue;
      if (!hadNote.has(label) && this.kept.has(label)) back.add(label);
      else cut.push([place, place + 1]);
    }
    cut.sort(([one], [other]) => other - one);
    for (const [from, to] of cut) tr.delete(from, to);
    for (const label of back) tr.insert(placeOfNote(tr.doc, label), this.kept.get(label));
    return tr.docChanged ? tr : null;
  }
}

/* The numbers, as the page will have them. */
function shown(doc, t) {
  const { marks, notes, order } = footnotesOf(doc);
  const found = marks.map(({ label, place }) =>
    Decoration.node(place, place + 1, { "data-number": String(order.indexOf(label) + 1) }),
  );
  for (const { label, place, node } of notes) {
    const number = order.indexOf(label) + 1;
    found.push(
      Decoration.node(place, place + node.nodeSize, number
        ? { "data-number": String(number), "aria-label": `${t.footnote} ${number}` }
        : { "data-number": "–", "data-unused": t.unused, "aria-label": `${t.footnote}, ${t.unused}` }),
    );
  }
  return DecorationSet.create(doc, found);
}
