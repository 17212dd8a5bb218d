/* Pictures: sent to the server, which keeps and scales them, and shown with their words. */

import { element } from "./dom.js";

/* Send `file`. Its address, or a problem in words. */
export async function sendPicture(field, file) {
  const { t, area } = field;
  field.say(t.sending);
  const answer = await send(placeOfPictures(area), file, area.form);
  field.say("");
  return answer?.address ? { address: answer.address } : { problem: wordsOf(answer, t) ?? t.pictureFailed };
}

/* Where pictures are sent; nothing if the page takes none. */
export const placeOfPictures = (area) => area.dataset.pictures ?? area.form?.dataset.pictures;

/* Send `file` as the form it is part of would; the answer, or null if there was none. */
export async function send(address, file, form) {
  const body = new FormData();
  const token = form?.elements.namedItem("skjema");
  if (token) body.append("skjema", token.value);
  body.append("fil", file);
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return null;
  }
}

/* What a refusal says; nothing if there was no answer. */
export function wordsOf(answer, t) {
  const known = { logged_out: t.loggedOut, stale_form: t.loggedOut };
  return known[answer?.error] ?? answer?.error;
}

/* A picture as it stands in the text, with a button for its words. */
export function pictureView(field) {
  return (node, view, place) => new PictureView(field, node, place);
}

class PictureView {
  constructor(field, node, place) {
    this.field = field;
    this.place = place;
    this.dom = element("figure", { class: "editor-picture" });
    this.image = element("img", { alt: "", loading: "lazy" });
    this.words = element("figcaption");
    this.button = element("button", { type: "button" }, field.t.editPicture);
    this.button.addEventListener("click", () => field.askPicture({ place: place() }));
    this.dom.append(this.image, this.words, this.button);
    this.update(node);
  }

  update(node) {
    if (node.type.name !== "picture") return false;
    const { src, alt, title } = node.attrs;
    const address = this.field.addressOfPicture(src);
    if (this.image.getAttribute("src") !== address) this.image.src = address;
    this.image.alt = alt;
    this.words.textContent = [alt ? "" : `(${this.field.t.noAlt})`, title].filter(Boolean).join(" ");
    return true;
  }

  stopEvent(event) {
    return this.button.contains(event.target);
  }

  ignoreMutation() {
    return true;
  }
}
