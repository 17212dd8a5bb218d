/* HTML of other programs, cleared of all that Markdown here has no use for.
 *
 * Word writes its lists as paragraphs with a bullet before them, Google Docs wraps everything in a
 * `<b>` that is not bold, mail programs make a `<div>` of each line, and all bring fonts, colours and
 * comments. What is left: paragraphs, headings, lists, links, tables. No emphasis: in what is pasted
 * it is more often look than meaning.
 */

const HEADING = /^h([1-6])$/;
const WORD_HEADING = /Mso(?:Heading|Title)|heading\s*(\d)/i;
const WORD_LIST = /mso-list:\s*l\d+\s+level(\d)/i;
const LINK = /^(?:https?|mailto|tel):/i;
const DROPPED = new Set(
  "style script head title meta link noscript template svg math object iframe button input select textarea del".split(" "),
);
const BLOCKS = new Set(
  ("address article aside blockquote center dd details div dl dt fieldset figure figcaption footer form h1 h2 h3 h4 h5 h6 " +
    "header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul").split(" "),
);
const BULLET = /^[\s\u00a0]*(?:([·•‣◦▪▫●○■□➢§o\uf0b7\uf0a7–-])|(\d{1,3})[.)])[\s\u00a0]+/;

/* The blocks that `html` says, as nodes. */
export function blocksOf(html, schema) {
  // In a template nothing is loaded or run; the page's policy complains of styles all the same.
  const template = document.createElement("template");
  template.innerHTML = html
    .replace(/<style[^]*?<\/style>/gi, "")
    .replace(/<[^<>]+>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  const clear = new Cleared(schema);
  clear.walk(template.content);
  return clear.finish();
}

class Cleared {
  constructor(schema) {
    this.schema = schema;
    this.kinds = schema.nodes;
    this.found = [];
    this.texts = [];
    this.lines = [];
    this.href = null;
  }

  finish() {
    this.end();
    this.endLines();
    return this.found;
  }

  /* A text ends: what was gathered is a paragraph. */
  end(make = (texts) => this.kinds.paragraph.create(null, texts)) {
    const texts = tidy(this.texts, this.schema);
    this.texts = [];
    if (!texts.length) return;
    this.endLines();
    this.found.push(make(texts));
  }

  walk(parent) {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) this.text(node.data);
      else if (node.nodeType === Node.ELEMENT_NODE) this.element(node);
    }
  }

  text(data) {
    const text = data.replace(/[\s\u00a0]+/g, (run) => (run === "\u00a0" ? run : " ")).replace(/[\u00ad\u200b-\u200d\ufeff]/g, "");
    if (!text) return;
    this.texts.push(this.schema.text(text, this.href ? [this.schema.marks.link.create({ href: this.href })] : []));
  }

  element(node) {
    const name = node.localName;
    const style = node.dataset?.style ?? "";
    if (DROPPED.has(name) || /display:\s*none|mso-hide:\s*all/i.test(style)) return;
    const [, level] = WORD_LIST.exec(style) ?? [];
    const heading = HEADING.exec(name)?.[1] ?? wordHeading(node);
    if (name === "br") this.lineBreak();
    else if (name === "a") this.link(node);
    else if (name === "ul" || name === "ol") this.list(node);
    else if (name === "table") this.table(node);
    else if (level) this.wordItem(node, Number(level));
    else if (heading) this.heading(node, Number(heading));
    else if (BLOCKS.has(name)) {
      this.end();
      this.walk(node);
      this.end();
    } else this.walk(node);
  }

  lineBreak() {
    if (this.texts.at(-1)?.type === this.kinds.hardbreak) {
      this.texts.pop();
      this.end();
    } else if (this.texts.length) this.texts.push(this.kinds.hardbreak.create({ isInline: false }));
  }

  link(node) {
    const href = node.getAttribute("href") ?? "";
    const before = this.href;
    this.href = LINK.test(href) ? unwrapped(href) : before;
    this.walk(node);
    this.href = before;
  }

  /* A title is one already, so headings begin with the second level. */
  heading(node, level) {
    this.end();
    this.walk(node);
    const texts = this.texts.filter(({ type }) => type !== this.kinds.hardbreak);
    this.texts = texts;
    this.end((words) => this.kinds.heading.create({ level: Math.min(4, Math.max(2, level)) }, words));
  }

  list(node) {
    this.end();
    if (this.onlineItem(node)) return;
    this.endLines();
    this.found.push(...this.listOf(node));
  }

  /* Word in a browser makes a list of each item, and says how deep it is. */
  onlineItem(node) {
    const levels = [...node.children].map((item) => Number(item.dataset?.ariaLevel));
    if (!levels.length || levels.some((level) => !level)) return false;
    const first = node.localName === "ol" ? Number(node.getAttribute("start")) || 1 : null;
    const lines = [...node.children].map((item, at) => {
      const blocks = this.inside(item);
      return { level: levels[at], number: first === null ? undefined : first + at, blocks };
    });
    if (lines.some(({ blocks }) => blocks.length > 1)) return false;
    const isOther = (line) => this.lines.length && this.lines.some((one) => one.level === line.level && (one.number === undefined) !== (line.number === undefined));
    for (const { level, number, blocks: [content] } of lines) {
      if (!content?.isTextblock) continue;
      if (isOther({ level, number })) this.endLines();
      this.lines.push({ level, number, content });
    }
    return true;
  }

  listOf(node) {
    const items = [];
    for (const child of node.children) {
      if (child.localName === "ul" || child.localName === "ol") {
        // Google Docs and Word put inner lists beside their item, not into it.
        for (const inner of this.listOf(child)) {
          if (items.length) items[items.length - 1] = grown(items.at(-1), inner);
          else items.push(...(inner.isTextblock ? [this.item([inner])] : inner.content.content));
        }
        continue;
      }
      const blocks = this.inside(child).filter(({ type }) => this.fitsItem(type));
      if (blocks.length) items.push(this.item(blocks));
    }
    const order = node.localName === "ol" ? Number(node.getAttribute("start")) || 1 : null;
    return items.length ? this.listFrom(order, items) : [];
  }

  /* A list that begins with the number `order`, or has none. One item alone that goes on a count is
   * no list in Markdown: it keeps its number as text. */
  listFrom(order, items) {
    if (order === null) return [this.kinds.bullet_list.create({ spread: false }, items)];
    if (items.length > 1 || order === 1) return [this.kinds.ordered_list.create({ order, spread: false }, items)];
    const [first, ...rest] = items[0].content.content;
    const number = this.schema.text(`${order}. `);
    return [this.kinds.paragraph.create(null, [number, ...first.content.content]), ...rest];
  }

  fitsItem(type) {
    return [this.kinds.paragraph, this.kinds.bullet_list, this.kinds.ordered_list, this.kinds.heading].includes(type);
  }

  item(blocks) {
    const made = blocks.map((block) =>
      block.type === this.kinds.heading ? this.kinds.paragraph.create(null, block.content) : block,
    );
    if (made[0].type !== this.kinds.paragraph) made.unshift(this.kinds.paragraph.create());
    return this.kinds.list_item.create(null, made);
  }

  /* The blocks inside an element. */
  inside(node) {
    const inner = new Cleared(this.schema);
    inner.href = this.href;
    inner.walk(node);
    return inner.finish();
  }

  table(node) {
    this.end();
    this.endLines();
    const rows = [...node.rows].map((row) => [...row.cells].map((cell) => this.inside(cell)));
    const columns = Math.max(0, ...rows.map((row) => row.length));
    const isLayout = node.querySelector("table") || rows.length < 2 || columns < 2 || columns > 12;
    if (isLayout) {
      this.found.push(...rows.flat(2));
      return;
    }
    const words = (blocks) => {
      const texts = [];
      for (const block of blocks) {
        block.descendants((inner) => {
          if (!inner.isTextblock) return true;
          if (texts.length) texts.push(this.schema.text(" "));
          inner.forEach((part) => texts.push(part.type === this.kinds.hardbreak ? this.schema.text(" ") : part));
          return false;
        });
        if (block.isTextblock) {
          if (texts.length) texts.push(this.schema.text(" "));
          block.forEach((part) => texts.push(part.type === this.kinds.hardbreak ? this.schema.text(" ") : part));
        }
      }
      return this.kinds.paragraph.create(null, tidy(texts, this.schema));
    };
    const made = rows.map((row, at) => {
      const [line, cell] = at ? [this.kinds.table_row, this.kinds.table_cell] : [this.kinds.table_header_row, this.kinds.table_header];
      const cells = Array.from({ length: columns }, (_, place) => cell.create(null, words(row[place] ?? [])));
      return line.create(null, cells);
    });
    this.found.push(this.kinds.table.create(null, made));
  }

  /* One of Word's items: its mark is text, marked as one that is not the writer's. */
  wordItem(node, level) {
    this.end();
    const copy = node.cloneNode(true);
    const marks = [...copy.querySelectorAll("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']")];
    let mark = marks.map((one) => one.textContent).join("");
    for (const one of marks) one.remove();
    const [block] = this.inside(copy).filter(({ type }) => type === this.kinds.paragraph);
    if (!block) return;
    let content = block;
    if (!mark) {
      const [whole, , number] = BULLET.exec(block.textContent) ?? [""];
      mark = number ?? whole;
      if (whole) content = block.cut(whole.length);
    }
    this.lines.push({ level, number: /(\d+)/.exec(mark)?.[1], content });
  }

  /* Word's items so far are a list, in which deeper ones stand under those before them. */
  endLines() {
    const { lines } = this;
    this.lines = [];
    if (lines.length) this.found.push(...this.nested(lines, 0, lines.length));
  }

  nested(lines, start, end) {
    const items = [];
    const level = Math.min(...lines.slice(start, end).map((line) => line.level));
    const isNumbered = lines[start]?.number !== undefined;
    for (let at = start; at < end; ) {
      let next = at + 1;
      while (next < end && lines[next].level > level) next += 1;
      const inner = lines[at].level > level ? this.nested(lines, at, next) : next > at + 1 ? this.nested(lines, at + 1, next) : [];
      if (lines[at].level === level) items.push(this.item([this.kinds.paragraph.create(null, lines[at].content.content), ...inner]));
      else if (inner.length) items.push(...(inner[0].isTextblock ? [this.item(inner)] : inner[0].content.content));
      at = next;
    }
    return this.listFrom(isNumbered ? Number(lines[start].number) : null, items);
  }
}

function wordHeading(node) {
  const found = WORD_HEADING.exec(node.className ?? "");
  if (node.getAttribute("role") === "heading") return node.getAttribute("aria-level") ?? 2;
  if (!found || node.localName !== "p") return null;
  return /title/i.test(found[0]) ? 2 : (/\d/.exec(node.className)?.[0] ?? found[1] ?? 2);
}

const grown = (item, list) => item.copy(item.content.addToEnd(list));

/* Google puts its own address before links in documents, and Outlook before those in mail. */
function unwrapped(href) {
  try {
    const url = new URL(href);
    const inner = /(?:^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url" && url.searchParams.get("q");
    const safe = /safelinks\.protection\.outlook\.com$/.test(url.hostname) && url.searchParams.get("url");
    return inner || safe || href;
  } catch {
    return href;
  }
}

/* Texts without spaces at their ends and beside breaks, and none twice. */
function tidy(texts, schema) {
  const found = [];
  const isBreak = (one) => one?.type === schema.nodes.hardbreak;
  for (const part of texts) {
    const last = found.at(-1);
    if (isBreak(part)) {
      if (last && !isBreak(last)) found.push(part);
      continue;
    }
    let { text } = part;
    if (!last || isBreak(last) || / $/.test(last.text)) text = text.replace(/^ +/, "");
    if (!text) continue;
    if (last?.isText && last.sameMarkup(part)) found[found.length - 1] = last.withText(last.text + text);
    else found.push(part.withText(text));
  }
  while (found.length) {
    const last = found.pop();
    const text = last.isText && last.text.replace(/[\s\u00a0]+$/, "");
    if (text) {
      found.push(last.withText(text));
      break;
    }
  }
  return found;
}
