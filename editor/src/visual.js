/* The visual editor: Milkdown's kit with our own kinds, reader and writer. */

import {
  defaultValueCtx,
  Editor,
  editorViewCtx,
  editorViewOptionsCtx,
  rootCtx,
  schemaCtx,
} from "@milkdown/kit/core";
import { history } from "@milkdown/kit/plugin/history";
import { baseKeymap } from "@milkdown/kit/prose/commands";
import { keymap } from "@milkdown/kit/prose/keymap";
import { EditorState, Plugin } from "@milkdown/kit/prose/state";
import { tableEditing } from "@milkdown/kit/prose/tables";
import { $prose } from "@milkdown/kit/utils";

import { keys } from "./commands.js";
import { FOLLOWED, Footnotes } from "./footnotes.js";
import { schema } from "./schema.js";
import { Slices } from "./slices.js";
import { wholeWords } from "./whole_words.js";
import { words } from "./words.js";

const MOST_KEPT = 9; // texts whose bytes an undo can give back
const EMPTY = { type: "json", value: { type: "doc", content: [{ type: "paragraph" }] } };

/* Make a visual editor inside `root`. `attributes` are those of the element that is typed in;
 * `plugins` are further ones of ProseMirror, each made of the schema; `views` show kinds of their own.
 * `t` are the words, `changed` is called when the document changes or the cursor moves, `blurred` when the cursor leaves. */
export async function makeVisual(root, { attributes = {}, plugins = [], views = {}, changed, blurred, t = words("nb") } = {}) {
  const footnotes = new Footnotes();
  const milkdown = await Editor.make()
    .config((ctx) => {
      ctx.set(rootCtx, root);
      ctx.set(defaultValueCtx, EMPTY);
      ctx.set(editorViewOptionsCtx, {
        attributes,
        nodeViews: views,
        handleDOMEvents: { blur: () => void blurred?.() },
      });
    })
    .use(schema)
    .use(plugins.map((make) => $prose((ctx) => make(ctx.get(schemaCtx)))))
    .use($prose((ctx) => keymap(keys(ctx.get(schemaCtx)))))
    .use(history)
    .use($prose((ctx) => wholeWords(ctx.get(schemaCtx))))
    .use($prose(() => footnotes.plugin(t)))
    .use($prose(() => tableEditing()))
    .use($prose(() => watch(changed)))
    .use($prose(() => keymap(baseKeymap)))
    .create();
  return new Visual(milkdown.action((ctx) => ctx.get(editorViewCtx)), milkdown, footnotes);
}

const watch = (changed) => new Plugin({ view: () => ({ update: (_, before) => changed?.(before) }) });

export class Visual {
  constructor(view, milkdown, footnotes) {
    this.view = view;
    this.footnotes = footnotes;
    this.milkdown = milkdown;
    this.open("");
  }

  get schema() {
    return this.view.state.schema;
  }

  /* Show `body`. What was undone before cannot be done again. */
  open(body) {
    this.slices = new Slices(body, this.schema);
    this.all = [this.slices];
    const { plugins } = this.view.state;
    this.view.updateState(EditorState.create({ schema: this.schema, doc: this.slices.doc(), plugins }));
  }

  /* Show `body`, which somebody else made of what is shown. It can be undone. */
  follow(body) {
    this.slices = new Slices(body, this.schema);
    this.all = [...this.all.slice(-MOST_KEPT), this.slices];
    const { state } = this.view;
    this.view.dispatch(state.tr.replaceWith(0, state.doc.content.size, this.slices.doc().content).setMeta(FOLLOWED, true));
  }

  /* What is shown, as Markdown; see Slices.text. The very last letter too, of which ProseMirror only
   * hears when the browser has time. */
  read() {
    this.view.domObserver.forceFlush();
    this.view.domObserver.flush();
    const { doc } = this.view.state;
    // After an undo the blocks may be those of a text before.
    const known = this.all.map((slices) => slices.known(doc));
    this.slices = this.all[known.lastIndexOf(Math.max(...known))];
    return this.slices.text(doc);
  }
}
