/* What is asked for in a dialog: a link's address, a picture's words, a footnote's text. */

import { putAfter } from "./commands.js";
import { splitCredit, titleOf } from "./credit.js";
import { element } from "./dom.js";
import { placeOfNote } from "./footnotes.js";
import { placeOfPictures, sendPicture } from "./pictures.js";

const ADDRESS = /^(?:https?:\/\/|mailto:|tel:)\S+$/i;
const DOMAIN = /^(?:www\.)?[^\s/@:]+\.[a-z]{2,}(?:\/\S*)?$/i;
const EMAIL = /^[^\s@/:]+@[^\s@/:]+\.[a-z]{2,}$/i;

let count = 0;

/* Ask for `inputs` ([name, label, value, hint, attributes]) in a dialog. `check` gives the message that
 * is wrong with the values, by name; `save` gets the values, and `saving` is said meanwhile. `remove` is there if it can
 * be taken away. */
function ask(field, title, inputs, { check = () => ({}), save, saving = "", remove, isNew = true }) {
  const { t } = field;
  const form = element("form", { method: "dialog", novalidate: "" }, element("h2", { id: `sp${++count}` }, title));
  const dialog = element("dialog", { class: "editor-dialog", "aria-labelledby": `sp${count}` }, form);
  const boxes = inputs.map(([name, label, value, hint, attributes = {}]) => {
    const id = `sp${count}-${name}`;
    const input = element(attributes.rows ? "textarea" : "input", { class: "input", id, name, ...attributes });
    if (input.type !== "file") input.value = value;
    const message = element("p", { class: "message", id: `${id}-feil`, hidden: "" });
    const box = element("div", { class: "field" }, element("label", { for: id }, label));
    if (hint) box.append(element("p", { class: "hint", id: `${id}-hjelp` }, hint));
    box.append(message, input);
    input.setAttribute("aria-describedby", [hint && `${id}-hjelp`, `${id}-feil`].filter(Boolean).join(" "));
    form.append(box);
    return { name, input, message };
  });
  const button = (name, kind) => element("button", { type: "button", class: kind }, name);
  const [yes, no] = [element("button", { class: "button main" }, isNew ? t.save : t.change), button(t.cancel, "button")];
  const away = remove && button(t.remove, "button");
  const told = element("p", { class: "hint", role: "status" });
  form.append(told, element("div", { class: "buttons" }, yes, ...(away ? [away] : []), no));
  const done = () => dialog.close();
  no.addEventListener("click", done);
  away?.addEventListener("click", () => {
    remove();
    done();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(
      boxes.map(({ name, input }) => [name, input.type === "file" ? input.files[0] : input.value.trim()]),
    );
    let wrong = check(values);
    if (!Object.keys(wrong).length) {
      yes.disabled = true;
      told.textContent = saving;
      wrong = (await save(values)) ?? {};
      yes.disabled = false;
      told.textContent = "";
    }
    for (const { name, input, message } of boxes) {
      message.textContent = wrong[name] ?? "";
      message.hidden = !wrong[name];
      input.toggleAttribute("aria-invalid", Boolean(wrong[name]));
    }
    const first = boxes.find(({ name }) => wrong[name]);
    if (first) first.input.focus();
    else done();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    field.visual.view.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/* The address as it is to be written; null if it is none. */
export function addressOf(text) {
  if (ADDRESS.test(text)) return text;
  if (EMAIL.test(text)) return `mailto:${text}`;
  return DOMAIN.test(text) ? `https://${text}` : null;
}

export function askLink(field) {
  const { t, visual } = field;
  const { view, schema } = visual;
  const type = schema.marks.link;
  const { from, to, mark } = linkAround(view.state, type);
  const words = view.state.doc.textBetween(from, to);
  const inputs = [
    ["address", t.address, mark?.attrs.href ?? "", t.addressHint, { inputmode: "url", autocomplete: "off" }],
    ...(words ? [] : [["shown", t.shown, ""]]),
  ];
  ask(field, t.link, inputs, {
    isNew: !mark,
    check: ({ address, shown }) => ({
      ...(addressOf(address) ? {} : { address: t.needsAddress }),
      ...(words || shown ? {} : { shown: t.needsText }),
    }),
    save: ({ address, shown }) => {
      const link = type.create({ href: addressOf(address), title: mark?.attrs.title ?? null });
      const { tr } = view.state;
      if (words) tr.removeMark(from, to, type).addMark(from, to, link);
      else tr.replaceWith(from, to, view.state.schema.text(shown, [link]));
      view.dispatch(tr.removeStoredMark(type));
    },
    remove: mark && (() => view.dispatch(view.state.tr.removeMark(from, to, type))),
  });
}

/* The link at the cursor and where it stands, or else what is selected. */
function linkAround(state, type) {
  const { from, to, empty, $from } = state.selection;
  const mark = type.isInSet($from.marks()) ?? type.isInSet($from.nodeAfter?.marks ?? []);
  if (!empty || !mark) return { from, to, mark: type.isInSet(state.doc.nodeAt(from)?.marks ?? []) };
  let [start, end] = [$from.start(), $from.start()];
  $from.parent.forEach((child, offset) => {
    if (!mark.isInSet(child.marks)) return;
    const place = $from.start() + offset;
    if (place > end || end === $from.start()) start = place;
    if (place <= from || end < from) end = place + child.nodeSize;
  });
  return { from: start, to: end, mark };
}

export function askFootnote(field) {
  const { t, visual } = field;
  const { view } = visual;
  ask(field, t.footnote, [["words", t.footnoteText, "", "", { rows: "3" }]], {
    check: ({ words }) => (words ? {} : { words: t.needsText }),
    save: ({ words }) => {
      const { tr, schema, selection, doc } = view.state;
      const label = visual.footnotes.free(doc);
      const text = schema.nodes.paragraph.create(null, schema.text(words.replace(/\s+/g, " ")));
      tr.insert(selection.to, schema.nodes.footnote_reference.create({ label }));
      tr.insert(placeOfNote(tr.doc, label), schema.nodes.footnote_definition.create({ label }, text));
      view.dispatch(tr);
    },
  });
}

/* A new picture (of `file`, if it is chosen already), or other words for one at `place`. */
export function askPicture(field, { file, place } = {}) {
  const { t, visual } = field;
  const { view, schema } = visual;
  const old = place === undefined ? null : view.state.doc.nodeAt(place);
  if (!old && !placeOfPictures(field.area)) {
    field.say(t.noPictures);
    return;
  }
  const { caption, credit } = splitCredit(old?.attrs.title ?? "");
  const choice = ["file", t.file, "", "", { type: "file", accept: "image/jpeg,image/png,image/webp" }];
  const inputs = [
    ...(old || file ? [] : [choice]),
    ["alt", t.alt, old?.attrs.alt ?? "", t.altHint],
    ["caption", t.caption, caption],
    ["credit", t.credit, credit, t.creditHint],
  ];
  ask(field, old ? t.editPicture : t.picture, inputs, {
    isNew: !old,
    check: (values) => ({
      ...(old || file || values.file ? {} : { file: t.file }),
      ...(values.alt ? {} : { alt: t.needsAlt }),
    }),
    save: async (values) => {
      const words = { alt: values.alt.replace(/[[\]\\*_`]/g, ""), title: titleOf(values) };
      if (old) {
        view.dispatch(view.state.tr.setNodeMarkup(place, null, { ...old.attrs, ...words }));
        return null;
      }
      const { address, problem } = await sendPicture(field, file ?? values.file);
      if (problem) return { [file ? "alt" : "file"]: problem };
      putAfter(view, schema.nodes.picture.create({ src: address, ...words }));
      return null;
    },
    saving: old ? "" : t.pictureIsSent,
    remove: old && (() => view.dispatch(view.state.tr.delete(place, place + 1))),
  });
}
