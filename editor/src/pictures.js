/* Pictures: sent to the server, which keeps and scales them, and shown with their words. */

import { element } from "./dom.js";

const ASK_MS = 100;
const LONGEST_MS = 1000;
const MOST_ASKED = 60; // a minute: a restart, and pictures of others

/* Send `file`. Its address, or a problem in words. */
export async function sendPicture(field, file) {
  const { t, area } = field;
  field.say(t.sending);
  const answer = await made(await send(placeOfPictures(area), file, area.form));
  field.say("");
  return answer?.address ? { address: answer.address } : { problem: wordsOf(answer, t) ?? t.pictureFailed };
}

/* The answer once the picture can be shown. The server may start again meanwhile. */
async function made(answer) {
  for (let asked = 0; answer?.ask && asked < MOST_ASKED; asked += 1) {
    await new Promise((go) => setTimeout(go, Math.min(ASK_MS * (asked + 1), LONGEST_MS)));
    try {
      answer = await (await fetch(answer.ask, { headers: { Accept: "application/json" } })).json();
    } catch { /* the next time */ }
  }
  return answer;
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
