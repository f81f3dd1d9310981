// Sending a file: how far it has come. Without script the form sends itself.

// <form data-sending="30">: at most so many megabytes
const form = document.querySelector("[data-sending]");
const shown = form.querySelector("[data-progress]");
const bar = shown.querySelector("progress");
const said = shown.querySelector("[data-say]");
const button = form.querySelector("[type=submit]");

function say(word, more = "") {
  shown.hidden = false;
  said.textContent = form.querySelector(`[data-word="${word}"]`).textContent + more;
}

function isTooLarge() {
  return form.elements.file.files[0]?.size > form.dataset.sending * 1e6;
}

function show(answer) {
  const theirs = new DOMParser().parseFromString(answer, "text/html");
  const main = theirs.querySelector("main");
  if (!main) return say("away");
  const notice = main.querySelector(".notice") ?? main;
  document.querySelectorAll("main > .notice").forEach((old) => { old.remove(); });
  document.querySelector("main > .head").after(document.importNode(notice, true));
  shown.hidden = true;
}

form.elements.file.addEventListener("change", () => {
  if (isTooLarge()) say("large");
  else shown.hidden = true;
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isTooLarge()) return say("large");
  const sending = new XMLHttpRequest();
  sending.open("POST", form.action);
  sending.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
    say("sending", ` ${Math.round(bar.value)} %`);
  });
  sending.upload.addEventListener("load", () => { bar.removeAttribute("value"); say("looking"); });
  sending.addEventListener("error", () => { say("away"); button.disabled = false; });
  sending.addEventListener("load", () => {
    button.disabled = false;
    if (sending.status < 400) location.assign(sending.responseURL);
    else show(sending.responseText);
  });
  button.disabled = true;
  say("sending", " 0 %");
  sending.send(new FormData(form));
});
