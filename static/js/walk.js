// The walk of a delegation on a guide's phone. Every tap is on the disk before the screen says so, and is sent when there is a connection.

import { backOf, behind, nextOf, placeOf, planned } from "./walk-place.js";
import { Queue } from "./walk-queue.js";
import { Sheets, shown, word } from "./walk-sheets.js";

const tour = Number(/^#(\d{1,15})$/.exec(location.hash)?.[1] ?? 0);
const path = `/staff/tours/${tour}`;
const LOCKED = "walk-locked"; // in localStorage: names and notes are hidden
const LEFT = "walk-left"; // in localStorage: somebody was asked to sign in on this phone since the walk was last fetched
const EVERY = 5_000; // ms between looks while the page is seen
const LONGEST_WAIT = 60_000; // ms between tries without a connection
const PATIENCE = 20_000; // ms for an answer
const TWICE = 600; // ms in which a second tap on the large button is the same one
const MOST_GUESTS = 100_000;
const LONG = 26; // letters of a name that is set smaller
const AT_ITS_TIME = 7_200_000; // ms around the planned beginning in which a walk is begun without a question
const WRONG_CLOCK = 30_000; // ms that a phone's clock is off before the server's is believed

// A browser that keeps nothing says so below, and not by stopping here.
const settings = (() => {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
})();
const walk = {
  queue: null,
  owner: null, // { account, tour }: for whom entries are taken down
  live: null, // all that the server says of the tour, names too: never kept
  now: null, // where the delegation was when the server was last heard
  waiting: [],
  refused: [],
  trouble: tour ? "opening" : "no-tour",
  isUnkept: false, // the last tap could not be written down
  isAway: false,
  isLocked: settings.getItem(LOCKED) === "1",
  skew: 0, // ms that the phone's clock is behind
};
const tabs = new BroadcastChannel("walk");
const clock = () => Date.now() + walk.skew;

// What is known of the stops.

const stops = () => new Map((walk.live?.stops ?? []).map((one) => [one.stop, one]));
const place = () => walk.now && placeOf(walk.now, walk.waiting);

function nameOf(stop, at) {
  const known = stops().get(stop);
  if (known) return { text: known.name, lang: known.lang };
  const added = walk.waiting.find(({ key }) => key === stop);
  const chosen = walk.live?.exhibits.find(({ exhibit }) => exhibit === added?.exhibit);
  if (chosen) return { text: chosen.name, lang: "" };
  if (added) return { text: added.code ? word("code", { code: added.code.split("/q/").at(-1) }) : word("new-stop"), lang: "" };
  return { text: word("stop", { n: at + 1 }), lang: "", isUnknown: true };
}

// The screen.

const put = (name, text, lang = "") => {
  const element = shown(name);
  if (element.textContent !== text) element.textContent = text;
  lang ? element.setAttribute("lang", lang) : element.removeAttribute("lang");
  element.classList.toggle("long", text.length > LONG);
};
const show = (name, isShown) => { shown(name).hidden = !isShown; };
const button = (name) => document.querySelector(`[data-do="${name}"]`);

const GONE = "[hidden], dialog:not([open])"; // a browser finds out later that nobody can be there

function render() {
  const focused = document.activeElement;
  draw();
  if (focused.closest(GONE)) stepBack();
}

// Whoever goes by keyboard goes on from the heading when what they were on is there no more.
const stepBack = () => shown("name").focus({ preventScroll: true });

function draw() {
  const here = place();
  const isOpen = here && !["requested", "planned", "cancelled"].includes(here.state);
  renderTrouble(here);
  renderUnsent();
  button("lock").setAttribute("aria-pressed", walk.isLocked);
  show("tools", isOpen);
  document.querySelector("footer [data-opens=add]").hidden = !isOpen || here.state === "completed";
  show("plan", here?.stops.length);
  if (!here) return;
  renderHead(here);
  renderStop(here);
  renderCount(here);
  renderSteps(here, isOpen);
}

// What could not be kept is said above what was being written: behind an open sheet nothing is seen or heard.
function renderTrouble(here) {
  const sheet = walk.isUnkept && document.querySelector("dialog[open] .sheet-head");
  const above = sheet || document.querySelector("body > header");
  if (above.nextElementSibling !== shown("trouble")) above.after(shown("trouble"));
  const [trouble] = [walk.isUnkept && "unkept", walk.trouble, here?.state === "cancelled" && "cancelled", ["requested", "planned"].includes(here?.state) && "not-confirmed"].filter(Boolean);
  show("trouble", Boolean(trouble) || walk.refused.length > 0);
  put("said", trouble ? word(trouble) : walk.refused.length ? word("refused", { n: walk.refused.length }) : "");
  const way = shown("way");
  const leads = { "signed-out": ["sign-in", signIn()], "no-tour": ["tours", document.body.dataset.calendar], "not-theirs": ["tours", document.body.dataset.calendar] }[trouble];
  way.hidden = !leads;
  if (leads) Object.assign(way, { textContent: word(leads[0]), href: leads[1] });
  show("refused-way", !trouble && walk.refused.length > 0);
}

function renderUnsent() {
  const count = walk.waiting.length;
  put("unsent", count ? word("unsent", { n: count }) : walk.isAway ? word("away") : "");
  const around = shown("unsent").parentElement;
  around.classList.toggle("is-waiting", count > 0 || walk.isAway);
  around.classList.toggle("is-away", walk.isAway);
}

function renderHead(here) {
  const at = here.stops.indexOf(here.stop);
  const since = here.startedAt ? Math.max(0, Math.floor(((here.finishedAt || clock()) - here.startedAt) / 60_000)) : null;
  const passed = since === null ? "" : `${String(Math.floor(since / 60)).padStart(2, "0")}:${String(since % 60).padStart(2, "0")}`;
  const where =
    here.state === "completed" ? word("over") : !here.startedAt ? word("before") : at < 0 ? word("under-way") : word("stop-of", { n: at + 1, m: here.stops.length });
  put("where", [where, passed].filter(Boolean).join(" · "));
  renderPlan(here);
  const starts = walk.live?.starts_at && Date.parse(walk.live.starts_at);
  const late = ["confirmed", "under-way"].includes(here.state) ? behind(here, stops(), starts, clock()) : null;
  put("late", late === null ? "" : late > 0 ? word("behind", { n: late }) : late < 0 ? word("ahead", { n: -late }) : word("on-time"));
  shown("late").classList.toggle("warn", late > 0);
  const leave = here.onTheWay ? "" : stops().get(here.stop)?.leave;
  const slot = walk.live?.slot;
  put("leave", here.startedAt ? (leave && here.state === "under-way" ? word("leave", { time: leave }) : "") : slot ? word("slot", { slot }) : "");
}

function renderPlan(here) {
  const known = stops();
  const long = (stop) => known.get(stop)?.minutes || 3;
  const segments = here.stops.map((stop) => {
    const segment = document.createElement("i");
    const isWoven = here.seen.has(stop) || stop === here.stop;
    segment.className = [`accent-${known.get(stop)?.accent || "madder"}`, isWoven && "woven", here.skipped.has(stop) && "skipped"].filter(Boolean).join(" ");
    segment.style.flexGrow = long(stop);
    return segment;
  });
  shown("seg").replaceChildren(...segments);
  const total = here.stops.reduce((sum, stop) => sum + long(stop), 0);
  const hasPlan = [...known.values()].some(({ leave_at: leave }) => leave) && here.state === "under-way";
  show("tick", hasPlan);
  if (hasPlan) shown("tick").style.insetInlineStart = `${Math.min(100, (100 * planned(here, known, clock())) / total)}%`;
}

function renderStop(here) {
  const isWalking = here.state === "under-way";
  const isComing = here.onTheWay || !here.stops.includes(here.stop);
  const stop = isComing ? nextOf(here) : here.stop;
  const at = here.stops.indexOf(stop);
  let above = "";
  let name = { text: word("before"), lang: "" };
  if (here.state === "completed") name.text = word("over");
  else if (isWalking && stop) {
    name = nameOf(stop, at);
    const room = stops().get(stop)?.room ?? "";
    above = here.paused ? word("paused") : isComing ? word("on-the-way") : room;
  } else if (isWalking) name.text = word("finish-above");
  else if (walk.live && !walk.isLocked) name.text = walk.live.name;
  const leader = walk.live && !walk.isLocked && walk.now.led_by;
  if (isWalking && leader && leader !== walk.live.who) above = [above, word("led-by", { name: leader })].filter(Boolean).join(" · ");
  put("above", above);
  show("above", above !== "");
  put("name", name.text, name.lang);
  const route = here.startedAt ? [] : here.stops.map((one, n) => nameOf(one, n).text);
  const points = isWalking && !walk.isLocked ? (stops().get(stop)?.points ?? []) : route;
  const lines = points.map((text) => Object.assign(document.createElement("li"), { textContent: text, dir: "auto" }));
  if (isWalking && !walk.live) lines.push(Object.assign(document.createElement("li"), { textContent: word("without-names"), className: "meta" }));
  shown("points").replaceChildren(...lines);
  show("points", lines.length > 0);
  show("locked", walk.isLocked);
}

function renderCount(here) {
  const field = document.getElementById("count");
  const expected = walk.live?.expected ?? null;
  if (document.activeElement !== field) field.value = here.count ?? "";
  field.placeholder = expected ?? "–";
  const gap = (expected ?? here.count) - here.count;
  let said = "";
  if (here.count === null) said = expected === null ? word("nobody") : word("expected", { n: expected });
  else if (expected !== null) said = gap > 0 ? word("missing", { n: gap, m: expected }) : gap < 0 ? word("more", { n: -gap }) : word("all-here", { n: expected });
  put("missing", said);
  shown("missing").classList.toggle("warn", here.count !== null && gap !== 0);
}

function renderSteps(here, isOpen) {
  const next = nextOf(here);
  const at = here.stops.indexOf(next);
  const isOver = here.state === "completed";
  const isWaiting = here.onTheWay || !here.stops.includes(here.stop);
  let said = [word("finish-above"), { text: word("finish"), lang: "" }];
  if (isOver) said = ["", { text: word("report"), lang: "" }];
  else if (!here.startedAt) said = [word("start-above"), { text: word("start"), lang: "" }];
  else if (next) {
    const name = nameOf(next, at);
    const what = word(isWaiting ? "arrive" : "next", { n: at + 1 });
    said = name.isUnknown ? ["", { text: what, lang: "" }] : [what, name];
  }
  put("go-above", said[0]);
  show("go-above", said[0] !== "");
  put("go-name", said[1].text, said[1].lang);
  button("go").hidden = !isOpen;
  button("back").hidden = !isOpen || isOver || !backOf(here);
  button("leave").disabled = !isOpen || isOver || here.onTheWay || !here.stop;
  button("skip").disabled = !isOpen || isOver || !here.startedAt || !next;
  button("pause").disabled = !isOpen || isOver || !here.startedAt;
  put("pause", word(here.paused ? "resume" : "pause"));
  document.querySelector("#menu [data-opens=add]").disabled = !isOpen || isOver;
  document.querySelector("#menu [data-opens=finish]").disabled = !isOpen || isOver || !here.startedAt;
}

const signIn = () => `${document.body.dataset.signIn}?next=${encodeURIComponent(`${document.body.dataset.shell}#${tour}`)}`;

// Taking down: one after the other, each from where the delegation is when its turn has come.

let turn = Promise.resolve(true);
function tell(say) {
  turn = turn.catch(() => false).then(async () => {
    const here = place();
    const said = here && walk.owner && say(here);
    if (!said) return false;
    try {
      const stop = said.stop ?? (["noted", "gift", "counted", "left", "paused", "resumed"].includes(said.kind) ? here.stop : "");
      const told = { ...said, stop, text: said.text?.toWellFormed?.() ?? said.text };
      await walk.queue.append(walk.owner, Object.fromEntries(Object.entries(told).filter(([, value]) => value !== "" && value !== undefined)));
    } catch {
      walk.isUnkept = true;
      render();
      return false;
    }
    walk.isUnkept = false;
    await recount();
    announce();
    tabs.postMessage(tour);
    talk();
    return true;
  });
  return turn;
}

// What waits, and with it where the server said that the delegation is: both at once, or the screen would go back and forth.
// The disk knows it better than the page when a batch was acknowledged before the connection was lost, or by another tab.
async function recount(now = walk.now) {
  if (!walk.owner) return;
  const { ids, waiting, refused } = await walk.queue.standing(walk.owner);
  Object.assign(walk, { waiting, refused, now: ids?.seq > now.seq ? ids : now });
  render();
}

// Outside of an open sheet nothing is heard: it is said when that has closed.
function announce() {
  const sheet = document.querySelector("dialog[open]");
  if (sheet) return sheet.addEventListener("close", announce, { once: true });
  put("spoken", `${shown("where").textContent}. ${shown("name").textContent}. ${shown("late").textContent}`);
}

// A tour that is under way stays so: a tap days before it is asked about. What is not known is not asked.
function isAtItsTime() {
  const planned = Date.parse(walk.live?.starts_at);
  const late = clock() - planned;
  const isThatDay = new Date(planned).toDateString() === new Date(clock()).toDateString();
  return Number.isNaN(planned) || Math.abs(late) <= AT_ITS_TIME || (late > 0 && isThatDay);
}

function askToStart() {
  shown("start").textContent = word("slot", { slot: [walk.live.day, walk.live.slot].filter(Boolean).join(", ") });
  sheets.open("start");
}

let lastGo = -Infinity;
function go({ timeStamp }) {
  if (timeStamp - lastGo < TWICE) return;
  lastGo = timeStamp;
  const here = place();
  if (here.state === "completed") location.assign(path);
  else if (!here.startedAt) isAtItsTime() ? deeds.start({ timeStamp }) : askToStart();
  else if (nextOf(here)) tell((now) => nextOf(now) && { kind: "arrived", stop: nextOf(now) });
  else sheets.open("finish");
}

function count(step) {
  tell((here) => {
    const expected = walk.live?.expected ?? 0;
    const number = here.count === null ? (step > 0 ? expected || 1 : Math.max(0, expected - 1)) : here.count + step;
    return number >= 0 && number <= MOST_GUESTS && { kind: "counted", number };
  });
}

function lock() {
  walk.isLocked = !walk.isLocked;
  settings.setItem(LOCKED, walk.isLocked ? "1" : "0");
  const note = document.getElementById("note-text");
  if (walk.isLocked) [walk.draft, note.value] = [note.value, ""];
  else if (walk.draft && !note.value) [note.value, walk.draft] = [walk.draft, ""];
  render();
  put("spoken", walk.isLocked ? word("hidden") : "");
}

// The sheet is closed at once, and what lies beneath it must not take the second tap of two.
const done = (say) => ({ timeStamp }) => {
  lastGo = timeStamp;
  return sheets.keep(say);
};
const deeds = {
  go,
  lock,
  back: () => tell((here) => backOf(here) && { kind: "arrived", stop: backOf(here) }),
  fewer: () => count(-1),
  "one-more": () => count(1),
  leave: done(() => ({ kind: "left" })),
  skip: done((here) => nextOf(here) && { kind: "skipped", stop: nextOf(here) }),
  pause: done((here) => ({ kind: here.paused ? "resumed" : "paused" })),
  start: done((here) => !here.startedAt && { kind: "started" }),
  finish: done(() => ({ kind: "finished" })),
  scan: () => sheets.scan(),
  "make-address": () => sheets.makeAddress(),
};

// Talking to the server: one turn at a time, the oldest first.

async function ask(where, more = {}) {
  const headers = { "x-csrf-token": walk.live?.csrf ?? "none", ...more.headers };
  const answer = await fetch(path + where, { redirect: "error", cache: "no-store", ...more, headers, signal: AbortSignal.timeout(PATIENCE) });
  const off = Date.parse(answer.headers.get("date")) - Date.now();
  if (!Number.isNaN(off)) walk.skew = Math.abs(off) > WRONG_CLOCK ? off : 0;
  return { status: answer.status, told: await answer.json().catch(() => null) };
}

const post = (batch) => ask("/events", { method: "POST", body: JSON.stringify(batch), headers: { "content-type": "application/json" } });

async function fetchLive() {
  const { status, told } = await ask("/walk");
  if (status !== 200) return heard({ 401: "signed-out", 404: "not-theirs" }[status]);
  settings.removeItem(LEFT);
  Object.assign(walk, { live: told, owner: { account: told.account, tour } });
  shown("guest-book").href = `${path}/guest-book`;
  shown("tour").href = path;
  isStale = false;
  await recount(told.now);
  return heard("", told.now);
}

async function fetchNow() {
  const { status, told } = await ask("/walk/now");
  if (status === 200 && told.account !== walk.owner.account) return leave();
  return status === 200 ? heard("", told) : heard({ 401: "signed-out", 404: "not-theirs" }[status]);
}

// Nothing of the tour stays on the screen, nor in what a browser keeps of a page that it may come back to.
function hide() {
  Object.assign(walk, { live: null, svg: "" });
  sheets.hide();
}

// Takes what the server said: a trouble, or where the delegation is. Throws for what is neither.
async function heard(trouble, now) {
  if (trouble === undefined || ["failed", "refused"].includes(trouble)) throw new Error("not understood");
  if (["signed-out", "not-theirs"].includes(trouble)) hide();
  if (trouble === "other-account") return leave();
  if (trouble === "stale") isStale = true;
  walk.trouble = trouble === "stale" ? "" : trouble;
  if (!now) return;
  walk.now = now;
  isStale ||= hasNews(now);
  if (["completed", "cancelled"].includes(now.state) && !walk.waiting.length) await walk.queue.forget(walk.owner);
  else await walk.queue.remember(walk.owner, now);
}

function hasNews({ stops: told }) {
  const known = stops();
  return told.some((stop) => !known.has(stop));
}

let isStale = true; // what is known of the tour is to be fetched anew
let isTalking = false;
let isAgain = false;
let failures = 0;
let timer = 0;
async function talk() {
  if (isTalking) { isAgain = true; return; }
  isTalking = true;
  clearTimeout(timer);
  do {
    isAgain = false;
    try {
      const isFresh = isStale || !walk.live;
      if (isFresh) await fetchLive();
      if (walk.live && walk.waiting.length && !walk.trouble) await sendAll();
      else if (walk.live && !isFresh && document.visibilityState === "visible") await fetchNow();
      walk.isAway = false;
      failures = walk.trouble || isStale ? failures + 1 : 0;
    } catch {
      walk.isAway = true;
      failures += 1;
      isAgain = false;
      if (walk.trouble === "opening") walk.trouble = walk.now ? "" : settings.getItem(LEFT) ? "signed-out" : "never-opened";
    }
  } while (isAgain);
  isTalking = false;
  render();
  keepAwake();
  const wait = failures ? Math.min(LONGEST_WAIT, 1_000 * 2 ** failures) * (0.75 + Math.random() / 2) : EVERY;
  if (document.visibilityState === "visible" || walk.waiting.length) timer = setTimeout(talk, wait);
}

async function sendAll() {
  const { kind, now } = await walk.queue.send(walk.owner, post).catch(async (failed) => {
    await recount(); // some may have been acknowledged before
    throw failed;
  });
  tabs.postMessage(tour);
  if (now && hasNews(now)) return fetchLive(); // what was added has a number and a name now
  await recount(now ?? walk.now);
  return heard(kind === "sent" ? "" : kind, now);
}

const soon = () => { failures = 0; talk(); };

// Somebody was asked to sign in on this phone, or somebody else has: nothing more is taken down for whoever walked, and the walk
// opens anew with nothing of what was here, drafts neither. It stays closed until the server has said who is signed in.
function leave() {
  settings.setItem(LEFT, "1");
  hide();
  walk.owner = null;
  for (const form of document.forms) form.reset();
  render();
  location.reload();
}

function seen() {
  if (walk.owner && settings.getItem(LEFT)) leave();
  else soon();
}

let wakeLock = null;
async function keepAwake() {
  if (!navigator.wakeLock || place()?.state !== "under-way" || document.visibilityState !== "visible" || (wakeLock && !wakeLock.released)) return;
  wakeLock = await navigator.wakeLock.request("screen").catch(() => null);
}

// What this phone remembers: where the walk stood, for whoever walked it last; nothing after somebody has been asked to sign in.
async function recall() {
  const found = settings.getItem(LEFT) ? null : await walk.queue.remembered(tour);
  if (!found) return;
  Object.assign(walk, { owner: { account: found.account, tour }, now: found.ids, trouble: "" });
  await recount();
}

const sheets = new Sheets(walk, {
  tell,
  ask,
  async drop(key) {
    await walk.queue.drop(key);
    await recount();
  },
  skipped() {
    const here = place();
    if (here?.state !== "under-way") return [];
    return here.stops.map((stop, at) => ({ stop, ...nameOf(stop, at) })).filter(({ stop }) => here.skipped.has(stop));
  },
});

document.addEventListener("click", (event) => deeds[event.target.closest("[data-do]")?.dataset.do]?.(event));
document.getElementById("count").addEventListener("change", async ({ target }) => {
  const number = /^\d{1,6}$/.test(target.value.trim()) ? Number(target.value) : NaN;
  await tell(() => number <= MOST_GUESTS && { kind: "counted", number });
  target.value = place()?.count ?? "";
});
tabs.addEventListener("message", async ({ data }) => {
  if (data !== tour) return;
  await recount();
  talk();
});
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => {
    render();
    const focused = document.activeElement;
    if (focused === document.body || focused.closest(GONE)) stepBack(); // what opened it is hidden now
  });
}
addEventListener("online", soon);
addEventListener("hashchange", () => location.reload());
addEventListener("storage", ({ key, newValue }) => { if (key === LEFT && newValue) leave(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") seen(); });
addEventListener("pagehide", () => { hide(); render(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) seen(); });
setInterval(render, 10_000);

navigator.serviceWorker?.register(document.body.dataset.worker, { scope: "/staff/walk/" }).catch(() => {});
render();
if (tour) {
  try {
    walk.queue = await Queue.open();
    navigator.storage?.persist?.().catch(() => {});
    await recall();
    talk();
  } catch {
    walk.trouble = "no-store";
    render();
  }
}
