// The builder of a route: what its forms do, without leaving the page, and by dragging. Every deed is a button of a form.

const form = () => document.getElementById("route-form");
const rows = () => [...form().querySelectorAll("[data-stop]")];
const live = document.querySelector("[data-live]");
const PAUSE = 250; // ms after the last key of a search
const TOAST = 10_000; // ms that a notice stands over the page
const FAR = 4; // px that a pointer moves before it drags
const EDGE = 90; // px at the edge of the window where the page scrolls

let carried = null; // a stop on its way, and the place where it would be put down, the first being 0

const nameOf = (row) => row.querySelector(".name").textContent.trim();
const say = (word, told = {}) => {
  const said = document.querySelector(`[data-word="${word}"]`).textContent;
  live.textContent = said.replace(/\{(\w+)\}/g, (_, name) => told[name]);
};

// Only without script: numbers to type, and buttons for what happens by itself.
function dress(root) {
  for (const one of root.querySelectorAll("[data-plain]")) one.hidden = true;
  for (const one of root.querySelectorAll("[data-number]")) one.hidden = !one.hasAttribute("aria-invalid");
  for (const one of root.querySelectorAll("[data-handle]")) one.hidden = !one.previousElementSibling.hidden;
  for (const one of root.querySelectorAll("[data-toast]")) rise(one);
}

function rise(notice) {
  notice.classList.add("toast");
  const fall = () => {
    if (notice.matches(":hover, :focus-within")) setTimeout(fall, 1000);
    else notice.remove();
  };
  setTimeout(fall, TOAST);
}

// A button that is pressed must still be there when it is let go.
let isDown = false;
const letGo = () => (isDown ? new Promise((done) => { addEventListener("pointerup", () => setTimeout(done), { once: true }); }) : null);
addEventListener("pointerdown", () => { isDown = true; }, true);
for (const event of ["pointerup", "pointercancel"]) addEventListener(event, () => { isDown = false; }, true);

// One after the other: each form is read when its turn has come, so that its version is the newest. What waits behind a fault is dropped.
let turn = Promise.resolve(), faults = 0;
function inTurn(deed) {
  const known = faults;
  turn = turn.then(async () => { if (known === faults && !(await deed())) faults += 1; });
}

async function post(sender, body, pressed) {
  try {
    const answer = await fetch(sender.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh.getElementById("builder")) return fresh;
    if (answer.status === 409) leave(sender, pressed);
  } catch { /* there is no connection */ }
  return null;
}

// What only another page can say, such as a clash with what others were promised, is asked for as without script.
function leave(sender, pressed) {
  for (const [name, value] of Object.entries(pressed)) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    sender.elements[name]?.type === "text" ? (sender.elements[name].value = value) : sender.append(field);
  }
  HTMLFormElement.prototype.submit.call(sender);
}

async function send(find, pressed, told) {
  const sender = document.querySelector(find);
  if (!sender) return false;
  const body = new URLSearchParams(new FormData(sender));
  const sent = sender === form() ? new URLSearchParams(body) : null;
  for (const [name, value] of Object.entries(pressed)) body.set(name, value);
  const fresh = await post(sender, body, pressed);
  if (!fresh) { say("away"); return false; }
  await letGo();
  put(fresh, sent);
  const wrong = document.querySelector("#told .notice-wrong");
  if (wrong) wrong.scrollIntoView({ block: "nearest" });
  else if (told && rows().some((row) => row.dataset.stop === told)) spoken("moved", told);
  else live.textContent = document.querySelector("#told .notice p")?.textContent ?? "";
  return !wrong;
}

function spoken(word, stop, number) {
  const all = rows(), row = all.find((one) => one.dataset.stop === stop);
  say(word, { name: nameOf(row), number: number ?? all.indexOf(row) + 1, count: all.length });
}

// What was typed since stays, and the focus where it was.
function put(fresh, sent) {
  const old = document.getElementById("builder"), now = fresh.getElementById("builder");
  const focus = document.activeElement, range = [focus?.selectionStart, focus?.selectionEnd];
  const place = rows().findIndex((row) => row.contains(focus));
  const thing = [...old.querySelectorAll("[name=add]")].indexOf(focus);
  const typed = [...form().elements].filter((one) => isField(one) && one.value !== (sent ? sent.get(one.name) : was(one)));
  const open = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
  carried = null;
  old.replaceWith(now);
  for (const one of typed) {
    const again = form().elements[one.name];
    if (again) again.value = one.value;
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  dress(now);
  if (focus?.id && !focus.isConnected) refocus(focus, range, place, thing);
}

const isField = (one) => one.name && !["hidden", "submit"].includes(one.type) && !one.matches("[data-number]");
const was = (one) => one.defaultValue ?? one.querySelector("[selected]")?.value ?? one.options[0].value;

// The same thing again; where it is gone, what stands in its place.
function refocus(focus, [from, to], place, thing) {
  const all = rows();
  let again = document.getElementById(focus.id);
  if (again?.disabled) again = again.closest("[data-stop]").querySelector("[data-handle]");
  if (!again && place >= 0) again = all[Math.min(place, all.length - 1)]?.querySelector("[data-handle]");
  if (!again && thing >= 0) again = document.querySelectorAll("[name=add]")[thing];
  again ??= document.getElementById("save") ?? document.getElementById("q");
  again.focus({ preventScroll: true });
  if (place >= 0) again.scrollIntoView({ block: "nearest" });
  if (typeof from === "number") again.setSelectionRange?.(from, to);
}

addEventListener("submit", (event) => {
  const sender = event.target, button = event.submitter;
  if (sender.matches("[data-find]")) { event.preventDefault(); look(); return; }
  if (!sender.matches("[data-sent]")) return;
  event.preventDefault();
  const pressed = button?.name ? { [button.name]: button.value } : {};
  const find = sender === form() ? "#route-form" : `[data-sent]:has([id="${button.id}"])`;
  inTurn(() => send(find, pressed, pressed.move?.split("-")[1]));
});

addEventListener("change", ({ target }) => {
  if (target.matches("[data-now]")) inTurn(() => send("#route-form", {}));
});

// Enter in a field for a place moves there; elsewhere it saves.
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[id^=position-]")) return;
  event.preventDefault();
  event.target.nextElementSibling.click();
});

const moveTo = (stop, number) => inTurn(() => send("#route-form", { move: `to-${stop}`, [`position-${stop}`]: number }, stop));


function pick(handle, how) {
  const all = rows(), row = handle.closest("[data-stop]");
  carried = { stop: row.dataset.stop, from: all.indexOf(row), to: all.indexOf(row), how };
  row.classList.add("is-carried");
  handle.setAttribute("aria-pressed", "true");
  spoken("picked", carried.stop);
}

function over(to) {
  const all = rows();
  carried.to = Math.min(Math.max(to, 0), all.length - 1);
  all.forEach((row, n) => {
    row.classList.toggle("is-before", n === carried.to && carried.to < carried.from);
    row.classList.toggle("is-after", n === carried.to && carried.to > carried.from);
  });
  spoken("over", carried.stop, carried.to + 1);
}

function drop(stays = false) {
  const { stop, from, to } = carried;
  carried = null;
  for (const row of rows()) row.classList.remove("is-carried", "is-before", "is-after");
  document.getElementById(`handle-${stop}`)?.setAttribute("aria-pressed", "false");
  if (stays || to === from) spoken("stays", stop);
  else moveTo(stop, to + 1);
}

addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle || event.ctrlKey || event.altKey || event.metaKey) return;
  const steps = { ArrowUp: -1, ArrowDown: 1 };
  if (event.key === " ") carried ? drop() : pick(handle, "keys");
  else if (carried && event.key === "Escape") drop(true);
  else if (carried && steps[event.key]) {
    over(carried.to + steps[event.key]);
    rows()[carried.to].scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
});

addEventListener("focusout", ({ target }) => {
  if (carried?.how === "keys" && target.isConnected && target.matches?.("[data-handle]")) drop(true);
});

addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle || event.button || carried) return;
  const start = event.clientY;
  handle.setPointerCapture(event.pointerId);
  const follow = ({ clientY }) => {
    if (!carried && Math.abs(clientY - start) < FAR) return;
    if (!carried) pick(handle, "pointer");
    if (clientY < EDGE) scrollBy(0, -12);
    else if (clientY > innerHeight - EDGE) scrollBy(0, 12);
    const middles = rows().map((row) => { const { top, bottom } = row.getBoundingClientRect(); return (top + bottom) / 2; });
    const above = middles.filter((middle, n) => n !== carried.from && middle < clientY).length;
    if (above !== carried.to) over(above);
  };
  const end = ({ type }) => {
    handle.removeEventListener("pointermove", follow);
    for (const one of ["pointerup", "pointercancel"]) handle.removeEventListener(one, end);
    if (carried) drop(type === "pointercancel");
  };
  handle.addEventListener("pointermove", follow);
  for (const one of ["pointerup", "pointercancel"]) handle.addEventListener(one, end);
});

// What can be added is looked for while somebody types.
let waiting, asked = 0;
async function look() {
  const find = document.querySelector("[data-find]"), mine = (asked += 1);
  const query = new URLSearchParams([...new FormData(find)].filter(([, value]) => value));
  try {
    const answer = await fetch(`${find.action}?${query}`, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked || !fresh.getElementById("found")) return;
    document.getElementById("found").replaceWith(fresh.getElementById("found"));
    form().action = fresh.getElementById("route-form").action;
    history.replaceState(null, "", `${find.getAttribute("action")}?${query}`);
  } catch {
    say("away");
  }
}
addEventListener("input", ({ target }) => {
  if (!target.closest?.("[data-find]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});

dress(document);
