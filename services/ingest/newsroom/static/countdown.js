// Counts down to the moment at which something goes out, and looks whether somebody stopped it.
// Without this script the page is loaded anew every few seconds.

const hold = document.querySelector("[data-seconds]");
const face = document.querySelector("#klokke");
const LOOK_EVERY_MS = 2000;

if (hold && face) {
  let end = performance.now() + Number(hold.dataset.seconds) * 1000;

  const two = (number) => String(number).padStart(2, "0");
  const clock = (left) => {
    const days = Math.floor(left / 86400);
    const hours = Math.floor(left / 3600) % 24;
    const minutes = Math.floor(left / 60) % 60;
    const rest = two(left % 60);
    if (days) return `${days} d ${hours}:${two(minutes)}:${rest}`;
    return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
  };
  const show = () => {
    const text = clock(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
    if (face.textContent !== text) face.textContent = text;
  };
  const look = async () => {
    try {
      const answer = await fetch(hold.dataset.state, { cache: "no-store" });
      if (answer.redirected || !answer.ok) return;
      const now = await answer.json();
      end = performance.now() + now.seconds * 1000;
      if (now.mark !== hold.dataset.mark) location.reload();
    } catch {
      // The network is away: the clock goes on, and the button works as soon as it is back.
    }
  };
  setInterval(show, 200);
  setInterval(look, LOOK_EVERY_MS);
}
