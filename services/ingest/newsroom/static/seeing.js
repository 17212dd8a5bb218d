// Shows a text anew when it was saved: in this window or another. Without it, a button does.
const EVERY_MS = 1500;
const root = document.querySelector("[data-seeing]");
// Beside the form it is open or closed, and has no form of its own.
const byItself = `${root.dataset.seeing}?selv`; // keeps nobody logged in
const isBeside = root.matches("details");
root.hidden = false;
const seen = { page: root.dataset.page, mail: root.dataset.mail };
let asked = 0;

async function state() {
  const answer = await fetch(`${root.dataset.seeing}tilstand`, { headers: { Accept: "application/json" } });
  // To the log-in page, or refused: the page itself says so when it is loaded again.
  if (!answer.ok || answer.redirected) return null;
  return answer.json();
}

async function ask() {
  // Not again at once if it comes to nothing: a text may be too long to be shown.
  if (Date.now() - asked < 4 * EVERY_MS) return;
  asked = Date.now();
  const body = new URLSearchParams({ skjema: document.querySelector("[name=skjema]").value });
  await fetch(byItself, { method: "POST", body, redirect: "manual" });
}

function reload(name) {
  for (const frame of root.querySelectorAll(`[data-frame="${name}"]`)) {
    // Its address, not `src = src`: a frame that waits asks by itself.
    const address = new URL(frame.getAttribute("src"), location.href);
    address.searchParams.set("nr", String(Date.now()));
    // Not `src`, which the browser's «back» would go through before it leaves the page.
    frame.contentWindow.location.replace(address.href);
  }
}

async function lacks() {
  const answer = await fetch(byItself);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["[data-lacks]", "[data-said]", "h1"]) {
    const [old, fresh] = [root.querySelector(part), page.querySelector(`[data-seeing] ${part}`)];
    if (!old || !fresh) continue;
    if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
  }
  for (const part of ["[data-again]", "[data-next]"]) {
    root.querySelector(part).className = page.querySelector(part)?.className ?? "";
  }
}

async function look() {
  if (document.hidden || (isBeside && !root.open)) return;
  const now = await state();
  if (!now) return;
  if (!now.current) await ask();
  const changed = ["page", "mail"].filter((name) => now[name] && now[name] !== seen[name]);
  for (const name of changed) {
    seen[name] = now[name];
    reload(name);
  }
  const subject = root.querySelector("[data-subject]");
  if (subject && now.subject) subject.textContent = now.subject;
  if (changed.length && !isBeside) await lacks();
}

async function keepLooking() {
  try {
    await look();
  } catch {
    // The network is away: the next look may find it.
  }
  setTimeout(keepLooking, EVERY_MS);
}
keepLooking();
