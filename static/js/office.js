// What makes the office a little easier, and none of it needed.

// <label data-shows="password" hidden><input type="checkbox"> Show the password</label>
for (const label of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(label.dataset.shows);
  label.hidden = false;
  label.addEventListener("change", ({ target }) => { field.type = target.checked ? "text" : "password"; });
  field.form.addEventListener("submit", () => { field.type = "password"; });
}

// <button type="button" data-copy="link" hidden>Copy</button>
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  });
}

// Somebody is asked to sign in: a walk that this phone remembers is closed until they have (walk.js).
if (document.body.matches(".sign")) {
  try { localStorage.setItem("walk-left", "1"); } catch { /* nothing is kept here */ }
}
