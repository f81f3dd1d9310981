// What opens over the walking page, and the words of both. What is shown here is in memory only.

const words = JSON.parse(document.getElementById("words").textContent);
const SECONDS_BETWEEN_LOOKS = 0.2;
const SAYING = ["guests", "contacts", "brief", "code", "start", "refused"]; // sheets that say something of a tour

export const word = (name, told = {}) => words[name].replace(/\{(\w+)\}/g, (_, one) => told[one]);
export const shown = (name) => document.querySelector(`[data-show="${name}"]`);

function made(name, told = {}, ...inside) {
  const { className, ...attributes } = told;
  const element = document.createElement(name);
  if (className) element.className = className;
  for (const [attribute, value] of Object.entries(attributes)) if (value) element.setAttribute(attribute, value);
  element.append(...inside.filter((one) => one !== ""));
  return element;
}

const named = (lang) => ({ lang, dir: lang && "auto" });
const meta = (text, lang = "") => (text ? made("span", { className: "meta", ...named(lang) }, text) : "");
const quiet = (text) => made("p", { className: "meta" }, text);

// Letters without their marks, as people type them in haste.
const plain = (text) => text.toLocaleLowerCase("az").replaceAll("ə", "e").replaceAll("ı", "i").normalize("NFD").replace(/\p{M}/gu, "");

const isOutside = ({ left, right, top, bottom }, x, y) => x < left || x > right || y < top || y > bottom;

export class Sheets {
  // `walk` is what the page knows; `tell` takes an entry down; `ask` asks the server; `skipped` lists stops with their names.
  constructor(walk, { tell, ask, drop, skipped }) {
    Object.assign(this, { walk, tell, ask, drop, skipped, stopScanning: () => {} });
    document.addEventListener("click", ({ target, clientX: x, clientY: y }) => {
      const opener = target.closest("[data-opens]");
      if (opener) this.open(opener.dataset.opens);
      if (target.closest("[data-closes]") || (target.matches("dialog") && isOutside(target.getBoundingClientRect(), x, y))) this.close();
    });
    for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => this.stopScanning());
    document.getElementById("add-search").addEventListener("input", () => this.add());
    document.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keepForm(event.target);
    });
    const [given] = document.querySelectorAll("[name=direction]");
    given.defaultChecked = true;
    document.querySelector("[data-do=scan]").hidden = !("BarcodeDetector" in window && navigator.mediaDevices);
  }

  open(name) {
    document.querySelector("dialog[open]")?.close();
    this[name]?.();
    document.getElementById(name).showModal();
  }

  close() {
    document.querySelector("dialog[open]")?.close();
  }

  // What says something of the tour is closed and emptied; what somebody writes stays.
  hide() {
    if (SAYING.includes(document.querySelector("dialog[open]")?.id)) this.close();
    for (const name of SAYING) shown(name).replaceChildren();
  }

  // One deed at a time: a second tap while the first is being kept is the same one. The sheet closes when it is on the disk.
  async keep(say) {
    if (this.isKeeping) return false;
    this.isKeeping = true;
    try {
      const isKept = await this.tell(say);
      if (isKept) this.close();
      return isKept;
    } finally {
      this.isKeeping = false;
    }
  }

  // A form is emptied when what it says is on the disk, not before.
  async keepForm(form) {
    const { text, tag, code, direction } = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    if (!text && !code) return;
    const says = {
      note: () => ({ kind: "noted", text, tag }),
      gift: () => ({ kind: "gift", text, tag: direction }),
      added: () => ({ kind: "added", code }),
    };
    const said = says[form.dataset.keeps]();
    if (await this.keep(() => said)) form.reset();
  }

  hidden() {
    return quiet(word("hidden"));
  }

  fill(name, ...inside) {
    shown(name).replaceChildren(...(inside.length ? inside : [quiet(word("none"))]));
  }

  // What was skipped can be gone to all the same.
  menu() {
    const rows = this.skipped().map(({ stop, text, lang }) => {
      const button = made("button", { type: "button" }, word("after-all"), meta(text, lang));
      button.addEventListener("click", () => this.keep((here) => here.skipped.has(stop) && { kind: "arrived", stop }));
      return made("li", {}, button);
    });
    shown("skipped").replaceChildren(...rows);
    shown("skipped").hidden = !rows.length;
  }

  guests() {
    const { live, isLocked } = this.walk;
    if (isLocked || !live) return this.fill("guests", isLocked ? this.hidden() : quiet(word("needs-connection")));
    const rows = live.guests.map((guest) =>
      made(
        "li",
        {},
        made("b", named(guest.lang), guest.name),
        guest.no_photograph ? made("span", { className: "warn" }, word("no-photograph")) : "",
        guest.role === "head" ? meta(word("head")) : "",
        meta(guest.address),
        meta(guest.position),
        guest.say ? meta(word("say", { words: guest.say })) : "",
      ),
    );
    return this.fill("guests", ...(rows.length ? [made("ul", { className: "rows" }, ...rows)] : []));
  }

  contacts() {
    const { live, isLocked } = this.walk;
    if (isLocked || !live) return this.fill("contacts", isLocked ? this.hidden() : quiet(word("needs-connection")));
    const rows = live.contacts.map(([who, how]) => {
      const number = /\+?\d[\d\s()-]{4,}/.exec(how)?.[0].replace(/[^+\d]/g, "");
      const said = [made("b", {}, words[who] ?? who), meta(how)];
      return made("li", {}, number ? made("a", { href: `tel:${number}` }, ...said) : made("p", {}, ...said));
    });
    return this.fill("contacts", ...(rows.length ? [made("ul", { className: "rows" }, ...rows)] : []));
  }

  brief() {
    const { live, isLocked } = this.walk;
    if (isLocked || !live) return this.fill("brief", isLocked ? this.hidden() : quiet(word("needs-connection")));
    const parts = [["talking-points", live.talking_points], ["avoid", live.avoid]].filter(([, said]) => said);
    return this.fill("brief", ...parts.flatMap(([name, said]) => [made("h3", {}, word(name)), made("p", { className: "lines" }, said)]));
  }

  add() {
    const sought = plain(document.getElementById("add-search").value);
    const exhibits = this.walk.live?.exhibits ?? [];
    const found = exhibits.filter(({ name, room }) => plain(`${name} ${room}`).includes(sought));
    const rows = found.map(({ exhibit, name, room }) => {
      const button = made("button", { type: "button" }, name, meta(room));
      button.addEventListener("click", () => this.keep(() => ({ kind: "added", exhibit })));
      return made("li", {}, button);
    });
    const nothing = made("li", {}, quiet(word(exhibits.length ? "no-exhibit" : "needs-connection")));
    shown("exhibits").replaceChildren(...(rows.length ? rows : [nothing]));
    shown("scan-said").textContent = "";
  }

  async code() {
    const make = document.querySelector("[data-do=make-address]");
    make.hidden = true;
    if (this.walk.svg) return this.drawCode();
    this.fill("code", quiet(word("opening")));
    try {
      const { status, told } = await this.ask("/walk/code");
      if (status !== 200) throw new Error(status);
      make.hidden = told.lacks !== "address";
      this.walk.svg = told.svg;
      if (told.svg) this.drawCode();
      else this.fill("code", quiet(word(told.lacks === "address" ? "no-address" : "no-room")));
    } catch {
      this.fill("code", quiet(word("needs-connection")));
    }
  }

  drawCode() {
    const src = URL.createObjectURL(new Blob([this.walk.svg], { type: "image/svg+xml" }));
    const image = made("img", { src, alt: word("code-of") });
    image.addEventListener("load", () => URL.revokeObjectURL(src));
    this.fill("code", image);
  }

  async makeAddress() {
    try {
      await this.ask("/papers/address", { method: "POST", redirect: "manual" });
    } finally {
      document.querySelector("#code [data-closes]").focus(); // what was pressed hides itself
      this.code();
    }
  }

  refused() {
    if (this.walk.isLocked) return this.fill("refused", this.hidden());
    const rows = this.walk.refused.map((entry) => {
      const gift = entry.kind === "gift" && entry.tag && word(entry.tag, { words: entry.text });
      const said = gift || (entry.text ?? entry.code ?? String(entry.number ?? ""));
      const copy = made("button", { type: "button" }, word("copy"));
      copy.addEventListener("click", () => navigator.clipboard?.writeText(said));
      const takeAway = made("button", { type: "button" }, word("take-away"));
      takeAway.addEventListener("click", async () => {
        await this.drop(entry.key);
        if (!this.walk.refused.length) return this.close();
        this.refused();
        document.querySelector("#refused [data-closes]").focus();
      });
      return made(
        "li",
        {},
        made("b", {}, words[`kind-${entry.kind}`] ?? word("kind-other")),
        meta(word(`why-${entry.why}`)),
        said ? made("p", { className: "lines", dir: "auto" }, said) : "",
        made("p", { className: "two" }, said && navigator.clipboard ? copy : "", takeAway),
      );
    });
    return this.fill("refused", ...rows);
  }

  // Looks for a code until there is one, the sheet is closed, or another look begins.
  async scan() {
    this.stopScanning();
    const video = shown("video");
    const said = shown("scan-said");
    let stream, timer;
    let isOver = false;
    const letGo = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    this.stopScanning = () => {
      isOver = true;
      clearTimeout(timer);
      letGo();
      video.srcObject = null;
      video.hidden = true;
      this.stopScanning = () => {};
    };
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (isOver) return letGo();
      video.srcObject = stream;
      video.hidden = false;
      said.textContent = word("scanning");
      await video.play();
      const look = async () => {
        const [found] = await detector.detect(video).catch(() => []);
        if (isOver) return;
        if (found) await this.keep(() => ({ kind: "added", code: found.rawValue.slice(0, 200) }));
        if (!isOver) timer = setTimeout(look, SECONDS_BETWEEN_LOOKS * 1000);
      };
      look();
    } catch {
      if (isOver) return;
      this.stopScanning();
      said.textContent = word("no-camera");
    }
  }
}
