/* The visual editor on a real text area: `<textarea data-editor>`.
 *
 * The text area stays what the form sends. It can be used at once; the visual editor comes when it is
 * loaded, writes what it holds into the text area, and tells of it by the event `input`. Without
 * scripts nothing is missing but the editor.
 */

import { askPicture } from "./asking.js";
import { element } from "./dom.js";
import { pasteIntoText, pastePlugin } from "./paste.js";
import { pictureView } from "./pictures.js";
import { makeToolbar } from "./toolbar.js";
import { makeVisual } from "./visual.js";
import { words } from "./words.js";

const SETTING = "varsel-editor";
const WAIT_MS = 150;

/* Put the editor on `area`. Of its attributes, `data-pictures` is where pictures are sent,
 * `data-docx` where Word documents are, and `data-assets` what stands before a picture's address. */
export async function attach(area) {
  const field = new Field(area);
  await field.start();
  return field;
}

class Field {
  constructor(area) {
    this.area = area;
    this.t = words(document.documentElement.lang);
    this.isVisual = false;
    this.isOurs = false;
    this.timer = null;
  }

  async start() {
    const { area, t } = this;
    this.frame = element("div", { class: "editor" });
    this.choice = this.switch();
    this.place = element("div", { class: "editor-visual", hidden: "" });
    this.status = element("p", { class: "editor-status", role: "status" });
    area.before(this.frame);
    const label = area.labels?.[0];
    if (label && !label.id) label.id = `${area.id}-navn`;
    const attributes = {
      class: "editor-text",
      role: "textbox",
      "aria-multiline": "true",
      ...(label ? { "aria-labelledby": label.id } : { "aria-label": t.text }),
      ...(area.getAttribute("aria-describedby") ? { "aria-describedby": area.getAttribute("aria-describedby") } : {}),
      spellcheck: "true",
      lang: area.lang || document.documentElement.lang,
    };
    this.visual = await makeVisual(this.place, {
      attributes,
      plugins: [() => pastePlugin(this)],
      views: { picture: pictureView(this) },
      changed: () => this.later(),
      blurred: () => this.settle(),
      t,
    });
    this.toolbar = makeToolbar(this);
    this.frame.append(this.choice, this.toolbar.element, this.place, this.status);
    this.place.after(area);
    label?.addEventListener("click", (event) => {
      if (!this.isVisual) return;
      event.preventDefault();
      this.visual.view.focus();
    });
    // Links to what is missing go to the text area, which may not be the one that is shown.
    document.addEventListener("click", (event) => {
      if (!this.isVisual || !event.target.closest?.(`a[href="#${area.id}"]`)) return;
      event.preventDefault();
      this.visual.view.focus();
      this.place.scrollIntoView({ block: "center" });
    });
    area.addEventListener("input", () => {
      // Another script may fill the text area: what is shown follows.
      if (this.isVisual && !this.isOurs) this.visual.follow(area.value);
    });
    area.addEventListener("paste", (event) => pasteIntoText(this, event));
    for (const [target, name] of [[area.form, "submit"], [window, "pagehide"], [document, "visibilitychange"]]) {
      target?.addEventListener(name, () => this.write(), { capture: true });
    }
    this.show(remembered() !== "text");
  }

  /* «Visuell» and «Tekst», of which one is pressed. */
  switch() {
    const group = element("div", { class: "editor-switch", role: "group", "aria-label": this.t.how });
    this.buttons = [[true, this.t.visual], [false, this.t.asText]].map(([isVisual, name]) => {
      const button = element("button", { type: "button" }, name);
      button.addEventListener("click", () => {
        remember(isVisual ? "visual" : "text");
        this.show(isVisual, true);
      });
      group.append(button);
      return [button, isVisual];
    });
    return group;
  }

  show(isVisual, isAsked = false) {
    if (isVisual === this.isVisual && this.isShown) return;
    if (this.isVisual) this.write();
    else if (!this.isShown) this.visual.open(this.area.value);
    // What was done before can still be undone.
    else if (this.visual.read().text !== this.area.value) this.visual.follow(this.area.value);
    this.isShown = true;
    this.isVisual = isVisual;
    this.place.hidden = this.toolbar.element.hidden = !isVisual;
    this.area.hidden = isVisual;
    for (const [button, mine] of this.buttons) button.setAttribute("aria-pressed", String(mine === isVisual));
    this.toolbar.update();
    this.say("");
    if (!isAsked) return;
    if (isVisual) this.visual.view.focus();
    else this.area.focus();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), WAIT_MS);
    this.toolbar?.update();
  }

  /* Write what is shown into the text area. */
  write() {
    clearTimeout(this.timer);
    if (!this.isVisual) return;
    const { text, isExact } = this.visual.read();
    this.isExact = isExact;
    if (text === this.area.value) return;
    this.isOurs = true;
    this.area.value = text;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.isOurs = false;
  }

  /* When the writer goes elsewhere: show what the page will show, where it is not what was shown. */
  settle() {
    this.write();
    if (!this.isVisual || this.isExact !== false) return;
    this.visual.follow(this.area.value);
    this.isExact = true;
    this.say(this.t.changed);
  }

  askPicture(options) {
    askPicture(this, options);
  }

  /* Where the browser finds the picture that the text calls `src`. */
  addressOfPicture(src) {
    return /^(?:https?:|blob:|\/)/.test(src) ? src : (this.area.dataset.assets ?? "") + src;
  }

  say(message) {
    this.status.textContent = message;
  }
}

/* A browser that keeps nothing is no reason not to write. */
function remembered() {
  try {
    return localStorage.getItem(SETTING);
  } catch {
    return null;
  }
}

function remember(choice) {
  try {
    localStorage.setItem(SETTING, choice);
  } catch {
    // It is asked again the next time.
  }
}
