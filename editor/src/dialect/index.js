/* The Markdown that articles are written in, as the page's parser reads it (shared/markdown.py).
 *
 * A port of that parser, rule by rule: what the visual editor takes for markup must be what the page
 * takes for markup. Both stand on markdown-it, there in Python. That they agree is held by
 * tests/browsers/newsroom/editor/test_dialect.py.
 */

import MarkdownIt from "markdown-it";
import autolink from "markdown-it/lib/rules_inline/autolink.mjs";
import image from "markdown-it/lib/rules_inline/image.mjs";
import link from "markdown-it/lib/rules_inline/link.mjs";

import { asWritten } from "./as_written.js";
import * as blocks from "./blocks.js";
import { codeAtWordBorders, emphasis } from "./emphasis.js";
import { definition, inlineFootnote, reference } from "./footnotes.js";
import { addressInBrackets, bareLinks, withSource } from "./links.js";
import { listBlock } from "./lists.js";
import { table } from "./tables.js";

export const parser = made();

function made() {
  const md = new MarkdownIt("commonmark", { html: true });
  // An address stays as it was written: it is written back.
  md.normalizeLink = md.normalizeLinkText = (address) => address;
  const { core, block, inline } = { core: md.core.ruler, block: md.block.ruler, inline: md.inline.ruler };
  const texts = ["paragraph", "reference", "blockquote"];
  block.before("reference", "footnote_def", definition, { alt: ["paragraph", "reference"] });
  core.after("normalize", "blank_lines", blocks.blankLines);
  core.after("block", "as_written", asWritten);
  core.after("text_join", "bare_links", bareLinks);
  block.disable("code");
  block.at("table", table);
  block.enable("table");
  block.at("fence", blocks.closedFence);
  block.at("blockquote", blocks.quotation, { alt: ["list"] });
  block.at("hr", blocks.rule, { alt: [...texts, "list"] });
  block.at("list", listBlock, { alt: texts });
  block.at("html_block", blocks.html, { alt: texts });
  block.at("reference", blocks.linkDefinition);
  block.at("heading", blocks.heading);
  block.at("lheading", blocks.underlinedHeading);
  block.before("lheading", "picture", blocks.picture, { alt: ["paragraph"] });
  inline.disable("entity");
  inline.at("backticks", codeAtWordBorders);
  inline.at("emphasis", emphasis);
  inline.at("autolink", withSource(addressInBrackets(autolink)));
  inline.at("link", withSource(link));
  inline.at("image", withSource(image));
  inline.after("image", "footnote_inline", withSource(inlineFootnote));
  inline.after("footnote_inline", "footnote_ref", withSource(reference));
  return md;
}
