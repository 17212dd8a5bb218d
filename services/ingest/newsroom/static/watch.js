// Looks whether what the page shows has changed meanwhile. A page that still waits for something is
// loaded anew; one that somebody reads says so, and leaves it to them: what they approve must not
// change under their hand.

const watch = document.querySelector("[data-watch]");
const LOOK_EVERY_MS = 2000;

if (watch) {
  const look = async () => {
    try {
      const answer = await fetch(watch.dataset.watch, { cache: "no-store" });
      if (answer.redirected || !answer.ok) return;
      const { mark } = await answer.json();
      if (mark === watch.dataset.mark) return;
      if ("reload" in watch.dataset) {
        location.reload();
      } else {
        document.querySelector("#endret").hidden = false;
        clearInterval(timer);
      }
    } catch {
      // The network is away: look again in a moment.
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
}
