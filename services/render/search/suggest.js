/* Suggestions while somebody types. The search is the same without. */
(() => {
  "use strict";
  const field = document.getElementById("sok-q");
  const list = document.getElementById("sok-forslag");
  if (!field || !list) return;
  let asked = "", waiting = 0, under = null;
  const ask = async () => {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    if (under) under.abort();
    if (text.length < 2) { list.replaceChildren(); return; }
    under = new AbortController();
    try {
      const answer = await fetch("/sok/forslag?q=" + encodeURIComponent(text), {
        signal: under.signal, credentials: "omit", referrerPolicy: "no-referrer",
      });
      if (!answer.ok) return;
      const found = await answer.json();
      list.replaceChildren(...found.map(one => {
        const option = document.createElement("option");
        option.value = one.title;
        option.lang = one.lang;
        return option;
      }));
    } catch (error) { /* None then. */ }
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
})();
