/* A body whose blocks keep the text they were read from: only what was changed is written anew.
 *
 * Each block of the editor's document is matched with a block that was read; where it is the same
 * node, or an equal one (after an undo), its text is the one that was read, and so are the gaps
 * between two that follow each other.
 */

import { cleaned, same } from "./cleaning.js";
import { footnotesOf, numbered } from "./footnotes.js";
import { read } from "./reading.js";
import { write } from "./writing.js";

const BETWEEN = "\n\n";
const MOST_TRIES = 6;
const LARGEST_TABLE = 250_000;

export class Slices {
  constructor(body, schema) {
    this.schema = schema;
    Object.assign(this, read(body, schema));
    this.body = body;
    this.footnotesRead = footnotesOf(this.doc());
    this.written = new WeakMap();
  }

  /* The document to be shown. */
  doc() {
    const nodes = this.blocks.map(({ node }) => node);
    return this.schema.nodes.doc.create(null, nodes.length ? nodes : [this.schema.nodes.paragraph.create()]);
  }

  /* How many blocks of `doc` are those that were read here. */
  known(doc) {
    const mine = new Set(this.blocks.map(({ node }) => node));
    let count = 0;
    doc.forEach((node) => {
      count += Number(mine.has(node));
    });
    return count;
  }

  /* `shown` as Markdown. `isExact` is false if the text does not read back as it is shown. */
  text(shown) {
    const { doc, isSame } = numbered(shown, this.footnotesRead, this.schema);
    const written = this.textOf(doc);
    return { ...written, isExact: written.isExact && isSame };
  }

  textOf(doc) {
    const nodes = [];
    doc.forEach((node) => nodes.push(node));
    const origins = this.origins(nodes);
    if (origins.length === this.blocks.length && origins.every((origin, at) => origin.block === at)) {
      return { text: this.body, isExact: true };
    }
    const wants = new Map();
    const labels = labelsOf(doc, this.schema);
    let made;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      made = this.put(nodes, origins, wants, labels, tries > 0);
      const wrong = this.firstWrong(made);
      if (wrong === null) return { text: made.text, isExact: made.isExact };
      if (!tries) continue; // with blank lines between, it may be right
      // Only what was changed is ever written in another way.
      const near = [wrong, wrong + 1, wrong - 1, ...made.pieces.keys()];
      const one = near.map((index) => made.pieces[index]).find((piece) => piece && !piece.isOld && piece.wanted);
      if (!one) break;
      const { at } = one;
      const { harder = 0, other = false } = wants.get(at) ?? {};
      wants.set(at, { harder: Math.min(harder + 1, 3), other: !other });
    }
    return { text: made.text, isExact: false };
  }

  /* For each of `nodes` the block that it is (`block`), or that it stands in the place of (`slot`). */
  origins(nodes) {
    const old = this.blocks.map(({ node }) => node);
    const equal = (at, place) => nodes[at] === old[place] || nodes[at].eq(old[place]);
    let start = 0;
    while (start < Math.min(nodes.length, old.length) && equal(start, start)) start += 1;
    let end = 0;
    const most = Math.min(nodes.length, old.length) - start;
    while (end < most && equal(nodes.length - 1 - end, old.length - 1 - end)) end += 1;
    const [now, before] = [nodes.length - start - end, old.length - start - end];
    const middle = matched(now, before, (at, place) => equal(start + at, start + place));
    return nodes.map((_, at) => {
      if (at < start) return { block: at };
      if (at >= nodes.length - end) return { block: at - nodes.length + old.length };
      const found = middle[at - start];
      if (found !== undefined) return { block: start + found };
      return now === before ? { slot: at } : {};
    });
  }

  put(nodes, origins, wants, labels, isWide) {
    const pieces = [];
    let isExact = true;
    nodes.forEach((node, at) => {
      const origin = origins[at];
      if (origin.block !== undefined) {
        const { source } = this.blocks[origin.block];
        const wanted = node.type === this.schema.nodes.source ? null : [cleaned(node, this.schema)];
        pieces.push({ at, text: source, wanted, place: origin.block, isOld: true });
        return;
      }
      const made = this.writtenOf(node, labels, wants.get(at));
      if (!made.text) return;
      isExact &&= made.isExact;
      pieces.push({ at, ...made, place: origin.slot });
    });
    let text = "";
    pieces.forEach((piece, index) => {
      text += index ? this.gap(pieces[index - 1], piece, isWide) : this.above;
      piece.start = text.length;
      text += piece.text;
    });
    return { text: text + this.below, pieces, isExact };
  }

  /* What was between two, if they followed each other; else a blank line. */
  gap(before, after, isWide) {
    const isNext = before.place !== undefined && after.place === before.place + 1;
    const gap = isNext ? this.gaps[before.place] : BETWEEN;
    const isKept = before.isOld && after.isOld;
    return isKept || !isWide || gap.split("\n").length > 2 ? gap : BETWEEN;
  }

  writtenOf(node, labels, want) {
    if (want) return write(node, labels, this.schema, want);
    const key = labels.join(" ");
    const earlier = this.written.get(node);
    if (earlier?.key === key) return earlier.made;
    const made = write(node, labels, this.schema);
    this.written.set(node, { key, made });
    return made;
  }

  /* Which of `pieces` is the first that does not read back as it is shown; null if all do. */
  firstWrong({ text, pieces }) {
    const found = read(text, this.schema, { isTried: false }).blocks;
    let at = 0;
    for (const [index, piece] of pieces.entries()) {
      if (piece.wanted === null) {
        // A part that is shown as text may be several blocks.
        const end = piece.start + piece.text.length;
        let [start, isInside] = [piece.start, true];
        while (at < found.length && isInside) {
          start = text.indexOf(found[at].source, start);
          isInside = start >= 0 && start < end;
          if (isInside) {
            start += found[at].source.length;
            at += 1;
          }
        }
        continue;
      }
      const clean = piece.wanted[0];
      const node = found[at]?.node;
      const isRight = node && clean && same(cleaned(node, this.schema) ?? node, clean);
      if (!isRight) return index;
      at += 1;
    }
    return at === found.length || !pieces.length ? null : pieces.length - 1;
  }
}

/* The labels of the footnotes that `doc` has texts for. */
function labelsOf(doc, schema) {
  const labels = [];
  doc.forEach((node) => {
    if (node.type === schema.nodes.footnote_definition) labels.push(node.attrs.label);
    else if (node.type === schema.nodes.source) {
      labels.push(...Array.from(node.textContent.matchAll(/^ *\[\^([^\]\s]+)\]:/gm), (found) => found[1]));
    }
  });
  return labels;
}

/* For each of `count` new ones the old one that it equals, in order: as many as possible. */
function matched(count, old, equal) {
  const found = [];
  if (count * old > LARGEST_TABLE) return found;
  const lengths = Array.from({ length: count + 1 }, () => new Array(old + 1).fill(0));
  for (let at = count - 1; at >= 0; at -= 1) {
    for (let place = old - 1; place >= 0; place -= 1) {
      lengths[at][place] = equal(at, place)
        ? lengths[at + 1][place + 1] + 1
        : Math.max(lengths[at + 1][place], lengths[at][place + 1]);
    }
  }
  for (let at = 0, place = 0; at < count && place < old; ) {
    if (equal(at, place)) found[at++] = place++;
    else if (lengths[at + 1][place] >= lengths[at][place + 1]) at += 1;
    else place += 1;
  }
  return found;
}
