// A page of the guest book or a gift: the form is left when it is kept, and not before. What was signed and photographed cannot
// be had again. Its key makes it safe to send it as often as it takes. Without script the form sends itself.

import { prepare } from "./signing.js";

const PATIENCE = 180_000; // ms for a photograph on a slow connection

// <form data-keeping>, with a place for what is said of it and the words themselves
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-keeping]")) return;
  event.preventDefault();
  keep(event.target);
});

async function keep(form) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  say(form, "sending");
  try {
    const answer = await sent(form);
    if (answer.redirected) return location.assign(answer.url);
    const refused = found(await answer.text(), "main:has([data-keeping])");
    if (refused) return show(refused, form);
    say(form, answer.status === 401 ? "signed-out" : "not-taken");
  } catch {
    say(form, "away");
  }
  button.disabled = false;
}

// Who has signed in again has a new session, which the token of this page is not of. A file of whoever is signed out is not
// received, which may look like a lost connection.
async function sent(form) {
  const answer = await post(form).catch(() => null);
  if (answer && ![401, 403].includes(answer.status)) return answer;
  const page = await fetch(location.pathname, { cache: "no-store", headers: { "x-csrf-token": "none" }, signal: AbortSignal.timeout(PATIENCE) });
  if (!page.ok) return page;
  const fresh = found(await page.text(), "[name=csrf]");
  for (const token of document.querySelectorAll("[name=csrf]")) token.value = fresh.value;
  return post(form);
}

const found = (html, what) => new DOMParser().parseFromString(html, "text/html").querySelector(what);

function post(form) {
  return fetch(form.action, { method: "POST", body: new FormData(form), headers: { "x-csrf-token": form.elements.csrf.value }, signal: AbortSignal.timeout(PATIENCE) });
}

function say(form, word) {
  const said = form.querySelector("[data-said]");
  said.replaceChildren(form.querySelector(`[data-word="${word}"]`).content.cloneNode(true));
  said.classList.toggle("notice-wrong", word !== "sending");
  said.hidden = false;
}

// What was refused comes back with why; the photograph stays chosen.
function show(refused, form) {
  const main = document.importNode(refused, true);
  main.querySelector("[data-keeping] [name=file]").replaceWith(form.elements.file);
  document.querySelector("main").replaceWith(main);
  prepare();
  main.focus();
}
