/* What the visual editor can show: the kinds of blocks and marks, from Milkdown's kit.
 *
 * One by one and not as presets: the presets' rules for typing read CommonMark (typing the second
 * star of «2*500 og 2*500» makes emphasis), and their readers and writers are not ours.
 */

import {
  blockquoteSchema,
  bulletListSchema,
  emphasisSchema,
  hardbreakSchema,
  headingSchema,
  hrSchema,
  inlineCodeSchema,
  linkSchema,
  listItemSchema,
  orderedListSchema,
  paragraphAttr,
  paragraphSchema,
  strongSchema,
  textSchema,
} from "@milkdown/kit/preset/commonmark";
import * as commonmark from "@milkdown/kit/preset/commonmark";
import {
  footnoteDefinitionSchema,
  footnoteReferenceSchema,
  tableCellSchema,
  tableHeaderRowSchema,
  tableHeaderSchema,
  tableRowSchema,
  tableSchema,
} from "@milkdown/kit/preset/gfm";
import { $node } from "@milkdown/kit/utils";

import { HERE } from "./footnotes.js";

/* Milkdown asks every kind how remark reads and writes it; here nobody does. */
const unread = {
  parseMarkdown: { match: () => false, runner: () => {} },
  toMarkdown: { match: () => false, runner: () => {} },
};

const doc = $node("doc", () => ({ content: "(block | top)+", ...unread }));

/* A part that is shown as it is written, since the editor cannot show it in another way. */
const source = $node("source", () => ({
  content: "text*",
  group: "top",
  marks: "",
  code: true,
  defining: true,
  isolating: true,
  attrs: { why: { default: "" } },
  parseDOM: [
    {
      tag: "div.as-text",
      contentElement: "pre",
      preserveWhitespace: "full",
      getAttrs: (dom) => ({ why: dom.querySelector(".why")?.textContent ?? "" }),
    },
  ],
  toDOM: (node) => [
    "div",
    { class: "as-text" },
    ["p", { class: "why", contenteditable: "false" }, node.attrs.why],
    ["pre", { spellcheck: "true" }, 0],
  ],
  ...unread,
}));

/* A picture alone in its paragraph; its title is caption and credit («Foto: …») together. */
const picture = $node("picture", () => ({
  group: "top",
  atom: true,
  draggable: true,
  attrs: { src: { default: "" }, alt: { default: "" }, title: { default: "" } },
  parseDOM: [
    {
      tag: "figure[data-src]",
      getAttrs: ({ dataset: { src, alt, title } }) => ({ src, alt, title }),
    },
  ],
  toDOM: ({ attrs: { src, alt, title } }) => [
    "figure",
    { "data-src": src, "data-alt": alt, "data-title": title },
  ],
  ...unread,
}));

const [heading] = [
  headingSchema.extendSchema((earlier) => (ctx) => ({
    ...earlier(ctx),
    attrs: { level: { default: 2, validate: "number" } },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    // No id of its own: the form around has ids. The page's own headings begin with h2.
    toDOM: (node) => [`h${Math.max(2, node.attrs.level)}`, 0],
  })),
];
const bulletList = bulletListSchema.extendSchema((earlier) => (ctx) => ({
  ...earlier(ctx),
  parseDOM: [{ tag: "ul" }],
  toDOM: () => ["ul", 0],
}));
const orderedList = orderedListSchema.extendSchema((earlier) => (ctx) => ({
  ...earlier(ctx),
  toDOM: (node) => ["ol", node.attrs.order === 1 ? {} : { start: node.attrs.order }, 0],
}));
const listItem = listItemSchema.extendSchema((earlier) => (ctx) => ({
  ...earlier(ctx),
  attrs: {},
  parseDOM: [{ tag: "li" }],
  toDOM: () => ["li", 0],
}));
const emphasis = emphasisSchema.extendSchema(unmarked);
const strong = strongSchema.extendSchema(unmarked);
const link = linkSchema.extendSchema((earlier) => (ctx) => ({ ...earlier(ctx), inclusive: false }));
const footnote = footnoteDefinitionSchema.extendSchema((earlier) => (ctx) => ({
  ...earlier(ctx),
  group: "top",
  content: "(paragraph | bullet_list | ordered_list)+",
  isolating: true,
  parseDOM: [
    {
      tag: "div.footnote[data-label]",
      contentElement: "div",
      getAttrs: ({ dataset }) => ({ label: dataset.label }),
    },
  ],
  toDOM: (node) => [
    "div",
    { class: "footnote", "data-label": node.attrs.label, role: "note" },
    ["div", 0],
  ],
}));
const footnoteMark = footnoteReferenceSchema.extendSchema((earlier) => (ctx) => ({
  ...earlier(ctx),
  parseDOM: [{ tag: "sup[data-label]", getAttrs: ({ dataset }) => ({ label: dataset.label }) }],
  // Its number is that of its place; see footnotes.js.
  toDOM: ({ attrs: { label } }) => ["sup", { class: "footnote-ref", "data-label": label, "data-page": HERE }],
}));
const table = tableSchema.extendSchema((earlier) => (ctx) => ({ ...earlier(ctx), group: "top",
  // A table of a head alone is one.
  content: "table_header_row table_row*",
}));

/* The mark that was written (`*` or `_`) says nothing about what is shown. */
function unmarked(earlier) {
  return (ctx) => {
    const { toDOM, parseDOM } = earlier(ctx);
    const tag = toDOM({ attrs: {} })[0];
    return { attrs: {}, parseDOM, toDOM: () => [tag, 0], ...unread };
  };
}

/* In this order: a new block is the first kind that fits, a paragraph. */
export const schema = [
  doc,
  paragraphAttr,
  paragraphSchema,
  commonmark.headingIdGenerator,
  commonmark.headingAttr,
  heading,
  commonmark.blockquoteAttr,
  blockquoteSchema,
  commonmark.hrAttr,
  hrSchema,
  commonmark.bulletListAttr,
  bulletList,
  commonmark.orderedListAttr,
  orderedList,
  commonmark.listItemAttr,
  listItem,
  commonmark.hardbreakAttr,
  hardbreakSchema,
  textSchema,
  commonmark.emphasisAttr,
  emphasis,
  commonmark.strongAttr,
  strong,
  commonmark.linkAttr,
  link,
  commonmark.inlineCodeAttr,
  inlineCodeSchema,
  footnote,
  footnoteMark,
  picture,
  source,
  table,
  tableHeaderRowSchema,
  tableRowSchema,
  tableHeaderSchema,
  tableCellSchema,
].flat();
