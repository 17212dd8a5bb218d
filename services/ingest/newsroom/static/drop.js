// A picture that is dropped or pasted on the writing form becomes the one that is chosen there.

const form = document.getElementById("skjema");
const body = form.elements.namedItem("body");
const drop = form.querySelector("[data-drop]");
const picture = (data) => [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"));

// The form has it now, and asks for its words.
function take(file) {
  const data = new DataTransfer();
  data.items.add(file);
  document.getElementById("fil").files = data.files;
  document.getElementById("alt").focus();
}

for (const place of [drop, body]) {
  for (const type of ["dragover", "dragleave", "drop"]) {
    place.addEventListener(type, (event) => {
      if (place !== drop && !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("over", type === "dragover");
      const file = type === "drop" && (picture(event.dataTransfer) ?? event.dataTransfer.files[0]);
      if (file) take(file);
    });
  }
  place.addEventListener("paste", (event) => {
    const file = picture(event.clipboardData);
    if (!file || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    take(file);
  });
}
