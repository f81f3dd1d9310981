// The editor saves by itself; without script its buttons do the same.

const IDLE = 3000;

// <form data-autosave="token">: saved as a draft three seconds after the last key, or on leaving a field.
const form = document.querySelector("[data-autosave]");
if (form) {
  const status = form.querySelector("[data-saved]");
  let timer = 0, saving = null, isStopped = false, last = typed();

  function typed() {
    return new URLSearchParams(new FormData(form)).toString();
  }

  function say(word, more = "") {
    status.textContent = form.querySelector(`[data-word="${word}"]`).textContent + more;
  }

  async function save() {
    clearTimeout(timer);
    if (saving) await saving;
    const body = typed();
    if (isStopped || body === last) return;
    say("saving");
    saving = send(body);
    await saving;
    saving = null;
    if (!isStopped && typed() !== body) plan();
  }

  function post(body) {
    return fetch(form.action, {
      method: "POST", body, redirect: "manual",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", "X-CSRF-Token": form.dataset.autosave },
    });
  }

  // Who has signed in again has a new session, and every form of this page needs its token.
  async function isSignedInAgain() {
    const page = await fetch(location.pathname);
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-autosave]");
    if (!fresh) return false;
    form.dataset.autosave = fresh.dataset.autosave;
    for (const token of document.querySelectorAll("[name=csrf]")) token.value = fresh.dataset.autosave;
    return true;
  }

  async function send(body) {
    let answer;
    try {
      answer = await post(body);
      if ([401, 403].includes(answer.status) && await isSignedInAgain()) answer = await post(body);
    } catch {
      say("away");
      plan();
      return;
    }
    if (answer.ok) {
      const told = await answer.json();
      const was = form.elements.version.value;
      form.elements.version.value = told.version;
      last = body.replace(`version=${was}`, `version=${told.version}`);
      say("saved", ` ${told.saved}`);
    } else if (answer.status === 503) {
      say("away");
      plan();
    } else {
      isStopped = answer.status === 409;
      say(answer.status === 409 ? "stale" : [401, 403].includes(answer.status) ? "signed-out" : "refused");
    }
  }

  function plan() {
    clearTimeout(timer);
    timer = setTimeout(save, IDLE);
  }

  form.addEventListener("input", plan);
  form.addEventListener("focusout", save);
  for (const event of ["online", "focus"]) window.addEventListener(event, save);
  window.addEventListener("beforeunload", (event) => { if (!isStopped && typed() !== last) event.preventDefault(); });

  // What is being saved ends before a button goes on, so that its version is the newest.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (saving) {
      event.preventDefault();
      await saving;
      form.requestSubmit(event.submitter);
      return;
    }
    last = typed();
  });
}

// <span data-count="hook">: the words of the field, as they are typed.
for (const field of document.querySelectorAll("textarea[data-limit]")) {
  const count = document.querySelector(`[data-count="${field.id}"]`);
  const limit = Number(field.dataset.limit), signs = Number(field.dataset.signs);
  field.addEventListener("focus", () => field.scrollIntoView({ block: "nearest" })); // a browser shows its first line alone
  field.addEventListener("input", () => {
    const parts = field.id === "story" ? field.value.split(/^## .*$/m) : [field.value];
    const words = (text) => (signs ? text.replace(/\s/g, "").length / signs : text.split(/\s+/).filter(Boolean).length);
    const most = Math.round(Math.max(...parts.map(words)));
    count.textContent = count.textContent.replace(/\d+/, most);
    count.classList.toggle("too-long", limit > 0 && most > limit);
  });
}
