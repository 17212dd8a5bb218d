// Shows the receipt as it becomes, by server-sent events: each brings the parts of the page that are
// others than before. Without this script the page is loaded anew every few seconds.

const live = document.querySelector("[data-stream]");
const lost = document.querySelector("#lost");
const TRY_AGAIN_MS = 10000;

if (live) {
  let source = null;
  let timer = 0;

  const replace = (id, html) => {
    const place = document.getElementById(id);
    const next = document.createElement("template");
    next.innerHTML = html;
    // As the browser writes both: what is the same is not read out once more.
    if (!place || next.innerHTML === place.innerHTML.trim()) return;
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.replaceChildren(next.content);
    if (focused) document.getElementById(focused)?.focus();
  };
  const follow = () => {
    if (source || document.hidden) return;
    source = new EventSource(live.dataset.stream);
    source.onmessage = (event) => {
      lost.hidden = true;
      for (const [id, html] of Object.entries(JSON.parse(event.data))) replace(id, html.trim());
    };
    source.addEventListener("borte", () => { lost.hidden = false; });
    source.addEventListener("ut", () => location.reload());
    // All is told for now: somebody may try again, or correct it.
    source.addEventListener("slutt", () => {
      leave();
      followLater();
    });
    source.onerror = async () => {
      lost.hidden = false;
      // Refused, not broken: the browser does not come again by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      leave();
      if (await isLoggedOut()) location.reload();
      else followLater();
    };
  };
  const followLater = () => {
    clearTimeout(timer);
    timer = setTimeout(follow, TRY_AGAIN_MS);
  };
  // The page itself leads elsewhere then.
  const isLoggedOut = async () => {
    try {
      const page = await fetch(`${location.pathname}?selv`, { method: "HEAD", redirect: "manual" });
      return page.type === "opaqueredirect";
    } catch {
      return false;
    }
  };
  const leave = () => {
    source?.close();
    source = null;
  };
  // A page that nobody looks at takes no line.
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : follow()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", follow);
  follow();
}
