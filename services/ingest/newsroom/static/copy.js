// A button that copies the field before it. Without this script the field can be selected.

for (const field of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  const said = document.createElement("span");
  Object.assign(button, { type: "button", textContent: field.dataset.copy });
  Object.assign(said, { className: "soft" });
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // No clipboard here (an address without https): the old way works with what is selected.
      if (!document.execCommand("copy")) return;
    }
    said.textContent = ` ${field.dataset.copied}`;
  });
  field.addEventListener("focus", () => field.select());
  const line = document.createElement("p");
  line.className = "copy-line";
  line.append(button, said);
  field.after(line);
}
