// The writing form: saves by itself, tells what is missing while you type, and loses no text.
// Everything here is also possible without it, by the form's buttons.

const SAVE_AFTER_MS = 2500;
const SAVE_AT_LATEST_MS = 6000; // also of somebody who never pauses
const BEAT_MS = 10_000;
const JUDGED_MS = 1000;
const ASKED = { headers: { Accept: "application/json" }, credentials: "same-origin" };
const form = document.getElementById("skjema");
const texts = JSON.parse(document.getElementById("tekster").textContent);
const status = document.querySelector("[data-status]");
const here = document.querySelector("[data-here]");
const message = document.getElementById("beskjed");
const kept = `varsel:${form.dataset.save}:${form.dataset.who}`;
const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const made = (name, about) => Object.assign(document.createElement(name), about);
const field = (name) => form.elements.namedItem(name);

let dirty = false;
let saving = null;
let timer = 0;
let since = 0; // when what is not saved was begun
let halted = false; // after a conflict or a lost session: the text stays here, nothing is sent

function pairs(button) {
  const data = [...new FormData(form).entries()].filter(([, value]) => typeof value === "string");
  return button ? [...data, [button.name, button.value]] : data;
}

// ---- last resort: what is typed stays in this browser until the server has it

function keep() {
  try {
    const typed = pairs().filter(([name]) => name !== "skjema");
    localStorage.setItem(kept, JSON.stringify({ at: Date.now(), typed }));
  } catch { /* full, or not allowed: the server has all but the last seconds */ }
}

function forget() {
  try { localStorage.removeItem(kept); } catch { /* as above */ }
}

function offerKept() {
  let found = null;
  try { found = JSON.parse(localStorage.getItem(kept)); } catch { /* as above */ }
  if (!found) return;
  const own = new Set(["skjema", "utgave", "grunnlag", "sitting", "merker", "alt", "bildetekst", "foto"]);
  const plain = (list) => JSON.stringify(list.filter(([name]) => !own.has(name)).map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));
  if (plain(found.typed) === plain(pairs())) return forget();
  const time = new Date(found.at).toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" });
  tell("careful", say(texts.kept, { time }), [
    [texts.bringBack, () => post([...found.typed, ["skjema", field("skjema").value], ["knapp", "lagre"]])],
    [texts.throwAway, () => { forget(); message.replaceChildren(); }],
  ]);
}

function post(list) {
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action;
  again.hidden = true;
  for (const [name, value] of list) {
    const area = document.createElement("textarea");
    area.name = name;
    area.value = value;
    again.append(area);
  }
  document.body.append(again);
  leaving = true;
  again.submit();
}

// ---- what is told

function tell(kind, text, actions = []) {
  const box = made("div", { className: `notice ${kind}` });
  box.append(made("p", { textContent: text }));
  const buttons = made("div", { className: "buttons" });
  for (const [label, act] of actions) {
    const button = made(typeof act === "string" ? "a" : "button", { textContent: label, className: "button" });
    if (typeof act === "string") Object.assign(button, { href: act, target: "_blank", rel: "noopener" });
    else Object.assign(button, { type: "button", onclick: act });
    buttons.append(button);
  }
  if (actions.length) box.append(buttons);
  message.replaceChildren(box);
}

function show(told) {
  for (const list of form.querySelectorAll("[data-notes]")) {
    const notes = told.notes.filter((note) => note.id === list.dataset.notes);
    const fresh = notes.map((note) => made("li", { className: note.wrong ? "wrong" : "warning", textContent: note.message }));
    if (list.textContent.trim() !== fresh.map((item) => item.textContent).join("")) list.replaceChildren(...fresh);
  }
  for (const part of form.querySelectorAll("[data-lix]")) part.textContent = told.lix[part.dataset.lix] || "–";
  const whom = document.querySelector("[data-whom]");
  const said = whom.querySelector("p");
  whom.hidden = !told.whom;
  if (said.textContent !== told.whom) said.textContent = told.whom;
  const box = document.querySelector("[data-checklist]");
  if (told.missing.length === 0) {
    box.replaceChildren(made("p", { className: "done", textContent: box.dataset.none }));
    return;
  }
  const list = document.createElement("ul");
  list.className = "checklist";
  for (const one of told.missing) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${one.id}`;
    link.textContent = one.label;
    const words = document.createElement("span");
    words.textContent = one.message[0].toLowerCase() + one.message.slice(1);
    item.append(link, " ", words);
    list.append(item);
  }
  box.replaceChildren(list);
}

function showHere(names) {
  const text = names.length ? say(names.length > 1 ? texts.several : texts.one, { names: names.join(", ") }) : "";
  if (here.textContent !== text) here.textContent = text;
}

function showStatus(text, bad = false) {
  status.textContent = text;
  status.classList.toggle("bad", bad);
}

function count() {
  const title = form.querySelector("[data-count=title]");
  const length = [...field("title").value.trim()].length;
  title.textContent = length;
  title.closest(".count").classList.toggle("over", length > Number(title.dataset.most));
  const heading = form.querySelector("[data-title]");
  heading.textContent = field("title").value.trim() || heading.dataset.title;
}

// ---- saving

function seen(told) {
  field("utgave").value = told.version;
  field("grunnlag").value = told.base;
  field("merker").value = told.marks;
}

async function send(list, keepalive = false) {
  const headers = { Accept: "application/json", "If-Match": `"${field("utgave").value}"` };
  const body = new URLSearchParams(list);
  return fetch(form.dataset.save, { method: "POST", headers, body, keepalive, credentials: "same-origin" });
}

// One thing is on its way at a time, since each says which version it has seen.
async function save() {
  if (halted || !dirty) return;
  if (saving) return saving;
  clearTimeout(timer);
  dirty = false;
  showStatus(texts.saving);
  saving = attempt().catch(() => {
    dirty = true;
    showStatus(texts.offline, true);
    later(BEAT_MS);
  }).finally(() => { saving = null; });
  return saving;
}

async function attempt(fresh = false) {
  const answer = await send(pairs());
  if (answer.status === 401) return lost();
  if (answer.status === 403 && !fresh) {
    if (await newToken()) return attempt(true);
    halted = true;
    return post([...pairs(), ["knapp", "lagre"]]);
  }
  if (answer.status === 412) return conflict(await answer.json());
  if (!answer.ok) throw new Error(`${answer.status}`);
  const told = await answer.json();
  seen(told);
  if (told.later) setTimeout(judged, JUDGED_MS);
  else show(told);
  showHere(told.here);
  if (dirty) return soon(); // typed meanwhile
  showStatus(say(texts.saved, { time: told.saved }));
  forget();
}

// A form that stood open for long gets a token anew, if the same person is still logged in. Whoever
// else has logged in meanwhile is shown what was typed, and saves it in their own name.
async function newToken() {
  const page = await (await fetch(form.action, { credentials: "same-origin" })).text();
  const parsed = new DOMParser().parseFromString(page, "text/html");
  const token = parsed.querySelector("#skjema input[name=skjema]");
  if (!token || token.form.dataset.who !== form.dataset.who) return false;
  field("skjema").value = token.value;
  return true;
}

function lost() {
  dirty = true;
  keep();
  showStatus(texts.loggedOutShort, true);
  tell("careful", texts.loggedOut, [[texts.logIn, "/redaksjon/inn/"], [texts.saveNow, () => { dirty = true; message.replaceChildren(); save(); }]]);
}

function conflict(told) {
  halted = true;
  dirty = true;
  keep();
  showHere(told.here || []);
  showStatus(texts.notSaved, true);
  tell("careful", say(told.who ? texts.conflict : texts.conflictSomebody, { name: told.who }), [
    [texts.seeBoth, () => post([...pairs(), ["knapp", "lagre"]])],
  ]);
  message.scrollIntoView({ block: "nearest" });
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(save, ms);
}

// A tab that nobody looks at may be ended at any time.
function soon() {
  later(document.hidden ? 0 : Math.max(0, Math.min(SAVE_AFTER_MS, since + SAVE_AT_LATEST_MS - Date.now())));
}

form.addEventListener("input", (event) => {
  if (!event.target.name || event.target.closest("[data-drop]")) return;
  if (!dirty) since = Date.now();
  dirty = true;
  count();
  keep();
  soon();
});
form.addEventListener("change", () => { if (dirty) later(300); });

// Enter in a field of one line goes on to the next, and sends nothing.
form.addEventListener("keydown", (event) => {
  const from = event.target;
  if (event.key !== "Enter" || event.isComposing || from.form !== form || !from.matches("input:not([type=file])")) return;
  event.preventDefault();
  const all = [...form.querySelectorAll("input:not([type=hidden]), textarea, select, [contenteditable=true]")];
  all.slice(all.indexOf(from) + 1).find((one) => one.offsetParent && one.name !== from.name)?.focus();
});

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    dirty = dirty || !halted;
    save();
  }
});

// A long text is saved before it is read through.
async function judged() {
  if (halted || dirty || saving) return; // the next save tells
  try {
    const answer = await send([["skjema", field("skjema").value], ["bare", "sjekk"]]);
    const told = answer.ok ? await answer.json() : {};
    if (dirty || `${told.version}` !== field("utgave").value) return;
    if (told.later) setTimeout(judged, JUDGED_MS);
    else show(told);
  } catch { /* the next save tells */ }
}

async function beat() {
  if (halted || document.hidden || dirty || saving) return;
  try {
    const answer = await send([["skjema", field("skjema").value], ["bare", "her"]]);
    if (answer.ok) showHere((await answer.json()).here);
  } catch { /* the next one */ }
}
setInterval(beat, BEAT_MS);
beat();

let leaving = false;
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
addEventListener("beforeunload", (event) => {
  if (dirty && !leaving && !halted) {
    save();
    event.preventDefault();
  }
});

// ---- buttons that change rows: only their part of the page is made anew

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const part = button?.closest("[data-part]");
  if (button?.matches("[data-upload]")) {
    event.preventDefault();
    return upload(document.getElementById("fil").files[0]);
  }
  if (saving) {
    event.preventDefault();
    await saving;
    if (!button || button.isConnected) form.requestSubmit(button);
    return;
  }
  leaving = true;
  if (!part || button.name !== "knapp" || halted) return;
  event.preventDefault();
  leaving = false;
  clearTimeout(timer);
  saving = press(button, part).catch(() => post(pairs(button))).finally(() => { saving = null; });
  await saving;
  save();
});

// The server makes the part of all that stands in the form. What is typed in it while the answer is on
// the way is sent with the same button once more, so that nothing is overwritten.
async function press(button, part) {
  const typed = () => JSON.stringify([...form.elements].filter((one) => part.contains(one)).map((one) => [one.value, one.checked]));
  let before, fresh;
  do {
    before = typed();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(pairs(button)), credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    fresh = page.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!answer.ok || !fresh) throw new Error("another page");
    for (const name of ["utgave", "grunnlag", "merker", "skjema"]) field(name).value = page.querySelector(`#skjema input[name=${name}]`).value;
  } while (typed() !== before);
  const { id, selectionStart: at } = document.activeElement;
  const isElsewhere = document.activeElement !== document.body && !part.contains(document.activeElement);
  const isTyping = document.activeElement.matches("textarea, input");
  part.replaceWith(fresh);
  dirty = true;
  keep();
  if (isElsewhere) return;
  const rows = [...fresh.querySelectorAll(".row, .sentence")];
  const place = button.value.startsWith("ny:") && rows.length ? rows.at(-1) : fresh;
  const next = (isTyping && document.getElementById(id)) || place.querySelector("textarea, input, button");
  next?.focus();
  if (isTyping && at != null) next?.setSelectionRange?.(at, at);
}

// ---- pictures

async function upload(file) {
  if (!file) return tell("careful", texts.noPicture);
  const body = new FormData();
  body.append("skjema", field("skjema").value);
  body.append("fil", file);
  showStatus(texts.uploading);
  try {
    const answer = await fetch(form.dataset.pictures, { method: "POST", body, ...ASKED });
    const told = await shown(await answer.json());
    showStatus("");
    if (told.error === "logged_out") return lost();
    if (told.error) return tell("wrong", say(texts.pictureRefused, { why: told.error }));
    if (!told.address) throw new Error("not made");
    insert(told.address);
    for (const name of ["fil", "alt", "bildetekst", "foto"]) document.getElementById(name).value = "";
    message.replaceChildren();
  } catch {
    tell("wrong", texts.offline);
  }
}

// The server has the picture, and tells its address once it can be shown: for a minute, also if it
// starts again meanwhile.
async function shown(told) {
  for (let asked = 1; told.ask && asked < 60; asked += 1) {
    await new Promise((go) => setTimeout(go, Math.min(100 * asked, JUDGED_MS)));
    told = await fetch(told.ask, ASKED).then((answer) => answer.json()).catch(() => told);
  }
  return told;
}

function insert(address) {
  const value = (id) => document.getElementById(id).value.split(/\s+/).join(" ").trim();
  const alt = value("alt").replace(/[[\]\\]/g, "");
  const credit = value("foto") && `Foto: ${value("foto")}`;
  const title = [value("bildetekst"), credit].filter(Boolean).join(" ").replaceAll('"', "”").replaceAll("\\", "");
  const picture = `![${alt}](${address}${title ? ` "${title}"` : ""})`;
  const body = field("body");
  // At the caret if there is one; a picture is a paragraph of its own.
  const at = body.selectionStart || body.value.length;
  const before = body.value.slice(0, at).trimEnd();
  const after = body.value.slice(at).trimStart();
  body.value = [before, picture, after].filter(Boolean).join("\n\n");
  body.dispatchEvent(new Event("input", { bubbles: true }));
  body.focus();
}

count();
offerKept();
// Somebody may have typed before this script was here.
const early = [...form.elements].some((one) => one.name && ["text", "textarea", "date"].includes(one.type) && !one.closest("[data-drop]") && one.value !== one.defaultValue);
if (early) {
  dirty = true;
  later(300);
}
