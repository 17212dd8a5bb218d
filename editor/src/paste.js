/* What is pasted from Word, Google Docs and mail: headings, lists, links and tables, and nothing else. */

import { Plugin, Selection } from "@milkdown/kit/prose/state";
import { Fragment, Slice } from "@milkdown/kit/prose/model";

import { askPicture } from "./asking.js";
import { blocksOf } from "./cleared.js";
import { readDocx } from "./docx.js";
import { levelled } from "./levels.js";
import { read } from "./reading.js";
import { Slices } from "./slices.js";

const DOCX = /\.docx$/i;

/* The plugin that pastes and drops into the visual editor, before ProseMirror reads what comes. */
export function pastePlugin(field) {
  const handled = (take) => (view, event) => {
    if (!take(view, event)) return false;
    event.preventDefault();
    return true;
  };
  return new Plugin({
    props: {
      handleDOMEvents: {
        paste: handled((view, event) => taken(field, view, event.clipboardData)),
        drop: handled((view, event) => {
          if (view.dragging) return false; // moved here
          const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
          if (place) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(place.pos))));
          return taken(field, view, event.dataTransfer);
        }),
      },
    },
  });
}

function taken(field, view, data) {
  if (!data) return false;
  const html = data.getData("text/html");
  const text = data.getData("text/plain");
  if (data.files.length && !text) return takenFile(field, data.files[0]);
  if (!html && !text) return false;
  const { schema, selection } = view.state;
  if (selection.$from.parent.type.spec.code) {
    view.dispatch(view.state.tr.insertText(text).scrollIntoView());
    return true;
  }
  // Copied here, it is put back as it was.
  if (/data-pm-slice/.test(html)) return false;
  put(view, html ? blocksOf(html, schema) : plainBlocks(field, text), field.visual.footnotes);
  return true;
}

/* What plain text says, read as the page would; told if a level of a list is lost. */
function plainBlocks(field, plain) {
  const { text, isLost } = levelled(plain);
  if (isLost) field.say(field.t.lostLevels);
  return read(text, field.visual.schema).blocks.map(({ node }) => node);
}

function takenFile(field, file) {
  if (DOCX.test(file.name) && field.area.dataset.docx) readDocx(field, file);
  else if (file.type.startsWith("image/")) askPicture(field, { file });
  else return false;
  return true;
}

/* Put blocks where the cursor is; one paragraph's words go into the text there. */
function put(view, pasted, footnotes) {
  const blocks = footnotes.taken(Fragment.from(pasted), view.state.doc, false).content;
  if (!blocks.length) return;
  const fits = blocks.length === 1 && blocks[0].type.name === "paragraph";
  const slice = fits
    ? new Slice(blocks[0].content, 0, 0)
    : new Slice(Fragment.from(blocks), open(blocks[0]), open(blocks.at(-1)));
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta("paste", true));
}

const open = (node) => (node.type.name === "paragraph" ? 1 : 0);

/* Put what is written in Markdown where the cursor is. */
export function insertMarkdown(field, markdown) {
  if (field.isVisual) {
    put(field.visual.view, read(markdown, field.visual.schema).blocks.map(({ node }) => node), field.visual.footnotes);
  } else typed(field.area, markdown);
}

/* Into the text area it comes as Markdown. */
export function pasteIntoText(field, event) {
  const html = event.clipboardData?.getData("text/html");
  if (!html) {
    pastePlainIntoText(field, event);
    return;
  }
  const { schema } = field.visual;
  const blocks = blocksOf(html, schema);
  const plain = blocks.every((node) => node.type.name === "paragraph" && !hasLink(node));
  if (!blocks.length || plain) return; // the browser's own text is as good
  event.preventDefault();
  const slices = new Slices("", schema);
  typed(field.area, slices.text(schema.nodes.doc.create(null, blocks)).text);
}

function pastePlainIntoText(field, event) {
  const plain = event.clipboardData?.getData("text/plain") ?? "";
  const { text, isLost } = levelled(plain);
  if (isLost) field.say(field.t.lostLevels);
  if (text === plain.replace(/\r\n?/g, "\n")) return; // the browser's own text is as good
  event.preventDefault();
  typed(field.area, text);
}

function hasLink(node) {
  let found = false;
  node.descendants((inner) => {
    found ||= inner.marks.length > 0;
  });
  return found;
}

/* As if it were typed, so that the browser can undo it. */
function typed(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
