// A form that needs a passkey: its button has the browser's authenticator answer what the page asks
// (`data-ask`), puts that into the form's field, and sends the form. `data-passkey` is `make` or
// `use`. What went wrong is said by the element with `data-on` of the error's name.

const { browserSupportsWebAuthn, startAuthentication, startRegistration } = SimpleWebAuthnBrowser;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const tell = (name) => {
    const known = form.querySelector(`[data-on="${name}"]`) ?? form.querySelector("[data-on=other]");
    for (const one of form.querySelectorAll("[data-on]")) one.hidden = one !== known;
  };
  for (const one of form.querySelectorAll("[data-without-script]")) one.hidden = true;
  if (!browserSupportsWebAuthn()) {
    tell("unsupported");
    continue;
  }
  const button = form.querySelector("button");
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    const field = form.elements.namedItem("svar");
    if (field.value) return;
    event.preventDefault();
    button.disabled = true;
    const start = form.dataset.passkey === "make" ? startRegistration : startAuthentication;
    try {
      const answer = await start({ optionsJSON: JSON.parse(form.dataset.ask) });
      field.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      tell(error.name);
      button.disabled = false;
    }
  });
}
