/* From a body's text to what the visual editor shows, each block with the text it was read from. */

import { parser } from "./dialect/index.js";
import { hasEntity, inlineOf, Unshowable } from "./inline.js";

const DEFINITION = "En lenkes adresse på en egen linje vises som tekst.";
const TOGETHER = "Dette henger sammen på en måte som bare kan vises som tekst.";
const AS_TEXT = {
  fence: "Kode vises slik den er skrevet.",
  html_block: "HTML kan ikke brukes i teksten. Skriv dette på en annen måte.",
};

/* Read `body`: its `blocks` as {node, source}, the `gaps` between them, and what stands `above` the
 * first and `below` the last. All of it put together is `body`. `footnotes` are the labels of those
 * that have a text. If `isTried`, what would mean something else when it stands alone is shown as text. */
export function read(body, schema, { isTried = true } = {}) {
  const env = {};
  const lines = body.split("\n");
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length + 1);
  const groups = whole(grouped(parser.parse(body, env)), lines);
  const footnotes = env.footnotes ?? new Set();
  const blocks = [];
  const gaps = [];
  let place = 0;
  for (const group of groups) {
    const start = starts[group.start];
    gaps.push(body.slice(place, start));
    place = starts[group.end] - 1;
    const source = body.slice(start, place);
    blocks.push({ node: nodeOf(group, source, footnotes, schema, isTried), source });
  }
  const above = gaps.shift() ?? "";
  return { blocks, gaps, above, below: body.slice(place), footnotes };
}

/* The blocks that `source` is when it stands alone, as nodes. `footnotes`: the labels that the body
 * has texts for. Raises Unshowable if one of them is shown as text. */
export function readAlone(source, footnotes, schema) {
  const env = { footnotes: new Set(footnotes) };
  const groups = whole(grouped(parser.parse(source, env)), source.split("\n"));
  return groups.map((group) => shown(group, schema));
}

/* The tokens of each outermost block, with its lines. */
function grouped(tokens) {
  const groups = [];
  let depth = 0;
  for (const token of tokens) {
    if (!depth) groups.push({ tokens: [], start: token.map?.[0], end: token.map?.[1] });
    groups.at(-1).tokens.push(token);
    depth += token.nesting;
  }
  return groups;
}

/* The groups in order, with every line that has text in one of them. Those that share a line are one,
 * and lines that no group has (where links' addresses are defined) are groups of their own. */
function whole(groups, lines) {
  const isBlank = (line) => !lines[line].trim();
  const found = [];
  let next = 0;
  const fill = (end) => {
    for (; next < end; next += 1) {
      if (isBlank(next)) continue;
      const start = next;
      while (next < end && !isBlank(next)) next += 1;
      found.push({ start, end: next, why: DEFINITION });
    }
    next = Math.max(next, end);
  };
  for (const group of groups) {
    let { start, end } = group;
    while (end > start + 1 && isBlank(end - 1)) end -= 1;
    const before = found.at(-1);
    if (before && start < before.end) {
      before.end = Math.max(before.end, end);
      before.why = TOGETHER;
      next = Math.max(next, before.end);
      continue;
    }
    fill(start);
    found.push({ ...group, start, end });
    next = end;
  }
  fill(lines.length);
  return found;
}

/* The node that shows `group`: what it means, or where that is not possible its text. */
function nodeOf(group, source, footnotes, schema, isTried) {
  try {
    // Here alone the two parsers keep spaces that differ.
    if (/(?<!\\)(?:\\\\)*\\[ \t]/.test(source)) throw new Unshowable("En \\ foran et mellomrom vises som tekst.");
    const node = shown(group, schema);
    if (!isTried) return node;
    // What means something else when it stands alone could not be moved or written back.
    const alone = readAlone(source, footnotes, schema);
    if (alone.length !== 1 || !alone[0].eq(node)) throw new Unshowable(TOGETHER);
    return node;
  } catch (error) {
    if (!(error instanceof Unshowable || error instanceof RangeError)) throw error;
    const why = error instanceof Unshowable ? error.message : TOGETHER;
    return schema.nodes.source.create({ why }, source ? schema.text(source) : null);
  }
}

function shown(group, schema) {
  if (group.why) throw new Unshowable(group.why);
  const nodes = new Reader(group.tokens, schema).blocks(0, group.tokens.length);
  if (nodes.length !== 1) throw new Unshowable(TOGETHER);
  nodes[0].check();
  return nodes[0];
}

/* The hard space that keeps a number on the line of its word is the page's, not the writer's. */
function spaced([first, ...more]) {
  const text = first?.isText && first.text.replace(/^(\d{1,9}[.)]|[-*–])\u00a0/, "$1 ");
  return text ? [first.withText(text), ...more] : first ? [first, ...more] : [];
}

class Reader {
  constructor(tokens, schema) {
    this.tokens = tokens;
    this.schema = schema;
    this.kinds = schema.nodes;
  }

  /* The nodes of the tokens from `start` up to `end`. */
  blocks(start, end) {
    const nodes = [];
    for (let at = start; at < end; ) {
      const last = this.closing(at);
      nodes.push(this.block(at, last));
      at = last + 1;
    }
    return nodes;
  }

  closing(start) {
    let depth = 0;
    for (let at = start; ; at += 1) {
      depth += this.tokens[at].nesting;
      if (!depth) return at;
    }
  }

  block(start, end) {
    const token = this.tokens[start];
    const inside = () => this.blocks(start + 1, end);
    const words = () => inlineOf(this.tokens[start + 1].children ?? [], this.schema);
    switch (token.type) {
      case "paragraph_open":
        return this.picture(this.tokens[start + 1]) ?? this.kinds.paragraph.create(null, spaced(words()));
      case "heading_open":
        return this.kinds.heading.create({ level: Number(token.tag[1]) }, words());
      case "blockquote_open":
        return this.kinds.blockquote.create(null, inside());
      case "bullet_list_open":
        return this.kinds.bullet_list.create({ spread: !token.meta.tight }, inside());
      case "ordered_list_open": {
        const order = Number(token.attrGet("start") ?? 1);
        return this.kinds.ordered_list.create({ order, spread: !token.meta.tight }, inside());
      }
      case "list_item_open":
        return this.kinds.list_item.create(null, inside());
      case "hr":
        return this.kinds.hr.create();
      case "footnote_reference_open":
        return this.kinds.footnote_definition.create({ label: token.meta.label }, inside());
      case "table_open":
        return this.kinds.table.create(null, this.rows(start, end));
      default:
        throw new Unshowable(AS_TEXT[token.type] ?? "Dette kan bare vises som tekst.");
    }
  }

  /* The picture, if the text is one and nothing else. */
  picture(text) {
    const [token, ...more] = text.children ?? [];
    if (token?.type !== "image" || more.length) return null;
    const source = token.meta?.source ?? "";
    if (!/\]\([^]*\)$/.test(source) || hasEntity(source)) {
      throw new Unshowable("Et bilde med adressen et annet sted vises som tekst.");
    }
    const alt = /^!\[([^\[\]\\*_`]*)\]/.exec(source)?.[1];
    if (alt === undefined) throw new Unshowable("Bildets beskrivelse har tegn som vises som tekst.");
    const [src, title] = [token.attrGet("src"), token.attrGet("title") ?? ""];
    return this.kinds.picture.create({ src, alt: alt.trim(), title });
  }

  rows(start, end) {
    const rows = [];
    for (let at = start + 1; at < end; at += 1) {
      if (this.tokens[at].type !== "tr_open") continue;
      const last = this.closing(at);
      const cells = this.cells(at, last);
      rows.push((rows.length ? this.kinds.table_row : this.kinds.table_header_row).create(null, cells));
      at = last;
    }
    return rows;
  }

  cells(start, end) {
    const cells = [];
    for (let at = start + 1; at < end; at = this.closing(at) + 1) {
      const { tag, meta } = this.tokens[at];
      const words = inlineOf(this.tokens[at + 1].children ?? [], this.schema);
      const kind = tag === "th" ? this.kinds.table_header : this.kinds.table_cell;
      cells.push(kind.create({ alignment: meta.align }, this.kinds.paragraph.create(null, words)));
    }
    return cells;
  }
}
