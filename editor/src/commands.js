/* What keys and buttons do. */

import {
  chainCommands,
  lift,
  setBlockType,
  toggleMark,
  wrapIn,
} from "@milkdown/kit/prose/commands";
import { redo, undo } from "@milkdown/kit/prose/history";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "@milkdown/kit/prose/schema-list";
import { Selection } from "@milkdown/kit/prose/state";

const SPEECH = "– ";

/* The keys, by name as ProseMirror has them. Tab leaves the text, as everywhere; a list's item is
 * moved in and out with Ctrl and a bracket. */
export function keys({ nodes, marks }) {
  return {
    "Mod-z": undo,
    "Mod-y": redo,
    "Shift-Mod-z": redo,
    "Mod-b": toggleMark(marks.strong),
    "Mod-i": toggleMark(marks.emphasis),
    Enter: chainCommands(newLineInSource, splitListItem(nodes.list_item)),
    "Shift-Enter": lineBreak(nodes.hardbreak),
    "Mod-]": sinkListItem(nodes.list_item),
    "Mod-[": liftListItem(nodes.list_item),
  };
}

function newLineInSource(state, dispatch) {
  if (!state.selection.$from.parent.type.spec.code) return false;
  dispatch?.(state.tr.insertText("\n").scrollIntoView());
  return true;
}

function lineBreak(type) {
  return (state, dispatch) => {
    if (state.selection.$from.parent.type.spec.code) return newLineInSource(state, dispatch);
    dispatch?.(state.tr.replaceSelectionWith(type.create({ isInline: false }), false).scrollIntoView());
    return true;
  };
}

/* Whether the selection stands in a node of `type`, with `attrs`. */
export function isIn(state, type, attrs = {}) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === type) return Object.entries(attrs).every(([key, value]) => node.attrs[key] === value);
  }
  return false;
}

/* Whether what is typed now, or all that is selected, has the mark `type`. */
export function hasMark(state, type) {
  const { from, to, empty, $from } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

export const heading = ({ nodes }, level) => (state, dispatch, view) =>
  isIn(state, nodes.heading, { level })
    ? setBlockType(nodes.paragraph)(state, dispatch, view)
    : setBlockType(nodes.heading, { level })(state, dispatch, view);

/* Begin a list, leave it, or make it one of the other kind. */
export const list = ({ nodes }, type) => (state, dispatch, view) => {
  if (isIn(state, type)) return liftListItem(nodes.list_item)(state, dispatch, view);
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) {
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), type, { spread: node.attrs.spread }));
      return true;
    }
  }
  return wrapInList(type)(state, dispatch, view);
};

export const quotation = ({ nodes }) => (state, dispatch, view) =>
  isIn(state, nodes.blockquote) ? lift(state, dispatch, view) : wrapIn(nodes.blockquote)(state, dispatch, view);

export const isSpeech = (state) => state.selection.$from.parent.textContent.startsWith(SPEECH);

/* A line of what somebody said: it begins with a dash. */
export function speech(state, dispatch) {
  const { $from } = state.selection;
  if ($from.parent.type.name !== "paragraph") return false;
  const start = $from.start();
  const has = isSpeech(state);
  dispatch?.(has ? state.tr.delete(start, start + SPEECH.length) : state.tr.insertText(SPEECH, start));
  return true;
}

/* Put a block behind the one that the selection stands in, and the cursor behind it. Where it is. */
export function putAfter(view, node) {
  const { state } = view;
  const { $to } = state.selection;
  const isEmpty = $to.depth === 1 && $to.parent.type.name === "paragraph" && !$to.parent.content.size;
  const place = isEmpty ? $to.before(1) : $to.depth ? $to.after(1) : state.selection.to;
  const { tr } = state;
  if (isEmpty) tr.replaceWith(place, $to.after(1), node);
  else tr.insert(place, node);
  const end = place + node.nodeSize;
  // Something to type in has to follow.
  if (end >= tr.doc.content.size) tr.insert(end, state.schema.nodes.paragraph.create());
  tr.setSelection(Selection.near(tr.doc.resolve(end), 1));
  view.dispatch(tr.scrollIntoView());
  return place;
}

export { redo, toggleMark, undo };
