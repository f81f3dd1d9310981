// Following the guide: on a delegation's own page, and on any other page for whoever asked for it there.
// Words, names and addresses come from the delegation's page in the language of the page that is read.

const RETRY = 3000; // ms, and up to as much again, so that many phones do not come back at once
const POLL = 5000;
const PATIENCE = 8000; // the first message of a stream comes at once, unless something holds it back
const POLLS = 12; // then the stream is tried again

const kept = {
  get() { try { return JSON.parse(localStorage.getItem("follow")); } catch { return null; } },
  set(following) { try { localStorage.setItem("follow", JSON.stringify(following)); } catch { /* private mode */ } },
  clear() { try { localStorage.removeItem("follow"); } catch { /* private mode */ } },
};

const page = () => document.querySelector("[data-seq]");
const isOwn = Boolean(page());
const lang = document.documentElement.lang;
let following = kept.get();
if (following && !(following.until > Date.now() && /^\/d\/[\w-]+$/.test(following.path))) {
  kept.clear();
  following = null;
}
if (isOwn && following?.path !== location.pathname) following = null;
const path = isOwn ? location.pathname : following?.path;

// What is known: the programme, and where the group is.

let programme = isOwn ? document : null;
let known = {};

const placed = (stop) => (stop ? programme.querySelector(`[data-stop="${CSS.escape(stop)}"]`) : null);
const standing = () => ({
  seq: Number(programme.querySelector("[data-seq]").dataset.seq),
  stop: programme.querySelector('[data-standing="here"]')?.dataset.stop ?? null,
});
const addressOf = (stop) => placed(stop)?.querySelector(":scope > a.row")?.getAttribute("href");
const isHere = (stop) => addressOf(stop) === location.pathname;

// Read the delegation's page again; false when it is over, an error when there is no connection.
// A page that is slower than a later one is dropped, and one that is older than what was heard meanwhile is read anew.
let reads = 0;
const read = async (turn) => {
  reads += 1;
  const mine = reads;
  const answer = await fetch(`${path}?lang=${lang}`, { credentials: "omit", cache: "no-store" });
  if (!answer.ok && answer.status !== 404) throw new Error(answer.statusText);
  const said = await answer.text();
  if (mine !== reads || turn !== turns) return true;
  const fresh = answer.ok && new DOMParser().parseFromString(said, "text/html");
  const seq = fresh && fresh.querySelector("[data-seq]")?.dataset.seq;
  const goesOn = Boolean(seq);
  if (goesOn && Number(seq) < known.seq) return read(turn);
  if (isOwn && fresh) swap(fresh);
  else if (!isOwn) programme = fresh;
  if (goesOn) known = standing();
  return goesOn;
};

// Put the new programme in the place of the old one, without a jump.
const swap = (fresh) => {
  const [old, now] = [document, fresh].map((one) => one.querySelector(".delegation"));
  const focused = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
  const top = scrollY;
  old.replaceWith(document.adoptNode(now));
  if (focused) now.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  scrollTo(scrollX, top);
  furnish();
};

// Move the woven part and the words, in place.
const mark = (stop) => {
  const stops = [...document.querySelectorAll("[data-stop]")];
  const here = placed(stop);
  const before = stops.indexOf(here);
  for (const [place, one] of stops.entries()) {
    const is = one.dataset.standing;
    one.removeAttribute("aria-current");
    if (one === here) say(one, "here");
    else if (is === "here" || is === "seen") say(one, "seen");
    else if (place < before) one.dataset.standing = "passed";
    else delete one.dataset.standing;
  }
  here.setAttribute("aria-current", "step");
};
const say = (one, standing) => {
  one.dataset.standing = standing;
  const said = one.querySelector(".said");
  said.querySelector("[data-state]")?.remove();
  said.prepend(copy("mark", standing));
};
const copy = (kind, name) =>
  document.importNode(programme.querySelector(`template[data-${kind}="${name}"]`).content, true);

// What came: a stop, and the number of the move. Only from one stop to the next is all known that the
// page shows; a beginning, an end, what was missed and what was added is read from the page itself.
const hear = async ({ stop, seq }, turn) => {
  const isFirst = heard === 0;
  heard += 1;
  if (seq < known.seq) {
    if (!isFirst) return; // a page has said more than that
    known = { ...known, seq: -1 }; // the first says how things stand, whatever was known: a backup was put back
  }
  if (seq !== known.seq) {
    if (!isFirst && known.stop && stop !== known.stop && placed(stop)) {
      known = { stop, seq };
      if (isOwn) mark(stop);
    } else if (!(await read(turn))) return end();
  }
  if (turn !== turns || known.stop === told) return;
  const address = addressOf(known.stop);
  if (following?.automatic && address && !isHere(known.stop)) location.assign(address);
  else show();
};

const end = () => {
  close();
  isEnded = true;
  if (kept.get()?.path === path) kept.clear();
  following = null;
  bar?.replaceChildren();
};

// The line at the bottom.

let bar = document.querySelector("[data-follow-bar]");

let told = null; // the stop that the guest was told of last

const show = (said) => {
  const { stop } = known;
  told = stop;
  const line = copy("bar", said ?? (!stop ? "waiting" : isHere(stop) ? "here" : "moved"));
  const [go, programmed] = ["go", "programme"].map((one) => line.querySelector(`[data-${one}]`));
  if (go) {
    const name = document.importNode(placed(stop).querySelector(".name"), true);
    line.querySelector("[data-name]").append(...name.childNodes);
    go.href = addressOf(stop) ?? `${isOwn ? "" : path}#stop-${stop}`;
  }
  if (programmed) programmed.href = path;
  if (!isOwn && !said) line.querySelector("p").after(copy("bar", "stop"));
  bar.replaceChildren(line);
};

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-leave]")) {
    kept.clear();
    close();
    isEnded = true;
    show("left");
    bar.querySelector("[data-again]").focus();
  } else if (target.closest("[data-again]")) {
    kept.set(following);
    isEnded = false;
    open();
    show();
    bar.querySelector("[data-leave]").focus();
  } else if (isOwn && target.closest("[data-go]")) bar.replaceChildren(); // it leads to a place on this page, or away
});

// The switches on the delegation's page.

const furnish = () => {
  const box = document.querySelector("[data-following]");
  if (!box) return;
  for (const one of document.querySelectorAll("[data-unfollowed]")) one.hidden = true;
  box.hidden = false;
  box.querySelector("[data-follow-switch]").checked = Boolean(following);
  box.querySelector("[data-automatic-switch]").checked = Boolean(following?.automatic);
  box.querySelector("[data-automatic]").hidden = !following;
};

document.addEventListener("change", ({ target }) => {
  const isSwitch = target.matches("[data-follow-switch]");
  if (!isSwitch && !target.matches("[data-automatic-switch]")) return;
  const until = Number(page().dataset.until);
  following = !isSwitch || target.checked ? { path, until, ...(!isSwitch && target.checked && { automatic: true }) } : null;
  if (following) kept.set(following);
  else kept.clear();
  furnish();
  const said = isSwitch ? (target.checked ? "follow" : "leave") : target.checked ? "automatic" : "asked";
  document.querySelector("[data-following-said]").replaceChildren(copy("say", said));
});

// The stream, and asking now and then where it does not come through.

const phone = [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
let source, timer;
let turns = 0; // what belongs to an earlier one is not heard any more
let heard = 0; // messages since then
let failures = 0;
let etag = "";
let isEnded = false;

const later = (what, ms) => { timer = setTimeout(what, ms); };
const close = () => {
  turns += 1;
  heard = 0;
  clearTimeout(timer);
  source?.close();
  source = null;
};

const open = () => {
  close();
  if (isEnded || document.hidden || !navigator.onLine) return;
  if (!programme) return start();
  if (failures > 1) return poll(POLLS);
  const turn = turns;
  const fail = () => {
    if (turn !== turns) return;
    failures = source.readyState === EventSource.CLOSED ? 2 : failures + 1;
    close();
    later(open, failures > 1 ? 0 : RETRY + Math.random() * RETRY);
  };
  source = new EventSource(`${path}/events?phone=${phone}`);
  later(fail, PATIENCE);
  source.onerror = fail;
  source.onmessage = ({ data }) => {
    clearTimeout(timer);
    failures = 0;
    hear(JSON.parse(data), turn).catch(fail);
  };
};

const poll = async (left) => {
  const turn = turns;
  try {
    const headers = { Accept: "application/json", ...(etag && { "If-None-Match": etag }) };
    const answer = await fetch(`${path}/now`, { headers, credentials: "omit", cache: "no-store" });
    if (turn !== turns) return;
    if (answer.status === 404) return end();
    if (answer.ok) {
      const said = await answer.json();
      await hear(said, turn);
      etag = answer.headers.get("etag") ?? "";
    }
  } catch { /* no connection: the next time */ }
  if (turn !== turns || isEnded) return;
  later(() => {
    if (left > 0) return poll(left - 1);
    failures = 0;
    open();
  }, POLL + Math.random() * 1000);
};

// On another page than the delegation's: fetch what it says, and where the line is to stand.
const start = async () => {
  const turn = turns;
  try {
    if (!(await read(turn))) return end();
  } catch {
    if (turn === turns) later(open, RETRY + Math.random() * RETRY);
    return;
  }
  if (turn !== turns) return;
  if (!bar) {
    document.head.append(document.importNode(programme.querySelector("[data-follow-style]")));
    bar = document.importNode(programme.querySelector("[data-follow-bar]"));
    document.body.append(bar);
  }
  show();
  open();
};

// A page that was left and comes back, or another one that is open: what was chosen there counts here.
const heed = () => {
  const now = kept.get();
  following = now?.path === path ? now : null;
  if (isOwn) furnish();
  else isEnded = !following;
  if (isOwn || following) open();
  else end();
};

if (path) {
  if (isOwn) {
    known = standing();
    told = known.stop;
    furnish();
  }
  document.addEventListener("visibilitychange", open);
  addEventListener("online", open);
  addEventListener("offline", close);
  addEventListener("pagehide", close);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) heed(); });
  addEventListener("storage", ({ key }) => { if (key === "follow") heed(); });
  open();
}
