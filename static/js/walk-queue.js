// What a guide has taken down and the server has not acknowledged yet, in the order of the taps. It lives in IndexedDB.
//
// What was acknowledged goes in one step with what the server made of it: what waits always follows on where the walk stood.
// The invariant: whoever sends, sends from the oldest entry of an account and a tour on that was not acknowledged. The server
// knows keys that it has, so that what is lost, doubled or overtaken on the way, or sent by two tabs, changes nothing.

const AT_ONCE = 20; // entries in a batch: MOST_AT_ONCE of guide/tours/walking/entries.py
const LONGEST_TURN = 15_000; // ms that another tab is waited for
const SAID = ["key", "kind", "at", "stop", "number", "tag", "text", "code", "exhibit"];

// A key that was made here, and sorts by when (RFC 9562, 5.7).
export function freshKey(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let n = 5, rest = now; n >= 0; n -= 1, rest = Math.floor(rest / 256)) bytes[n] = rest % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Queue {
  static async open(name = "walk") {
    return new Queue(name, await opened(name));
  }

  constructor(name, db) {
    Object.assign(this, { name, db });
  }

  // Kept when this returns: the disk has it, whatever happens to the page. An owner is { account, tour }.
  async append({ account, tour }, said) {
    const entry = { account, tour, key: freshKey(), at: new Date().toISOString(), ...said };
    await this.#write("entries", (store) => store.add(entry));
    return entry;
  }

  waiting(owner, most) {
    return this.#read("entries", (store) => store.index("owner").getAll(of(owner), most));
  }

  refused(owner) {
    return this.#read("aside", (store) => store.index("owner").getAll(of(owner)));
  }

  async drop(key) {
    await this.#write("aside", (store) => store.delete(key));
  }

  // Where a walk stood when the server was last heard, so that the page opens without a connection.
  async remember(owner, now) {
    await this.#write("walks", (store) => store.put(walkOf(owner, now)));
  }

  // What waits, what was refused, and where the walk stood before what waits: all of one moment.
  standing({ account, tour }) {
    return this.#within(async (db) => {
      const look = db.transaction(["entries", "aside", "walks"]);
      const lists = ["entries", "aside"].map((name) => look.objectStore(name).index("owner").getAll(of({ account, tour })));
      const asked = [...lists, look.objectStore("walks").get([account, tour])];
      const [waiting, refused, walk] = await Promise.all(asked.map(settled));
      return { waiting, refused, ids: walk?.ids };
    });
  }

  async remembered(tour) {
    const all = await this.#read("walks", (store) => store.getAll());
    return all.filter((one) => one.tour === tour).sort((a, b) => b.at - a.at)[0];
  }

  async forget({ account, tour }) {
    await this.#write("walks", (store) => store.delete([account, tour]));
  }

  // Sends until nothing waits. `post` takes a batch and returns { status, told }, or throws when there is no connection.
  // Returns { kind: "sent", now } or what stopped it. One tab at a time where the browser can; nothing depends on it.
  async send(owner, post) {
    if (!navigator.locks) return this.#sendAll(owner, post);
    let isOurs = false;
    const send = () => {
      isOurs = true;
      return this.#sendAll(owner, post);
    };
    try {
      const signal = AbortSignal.timeout(LONGEST_TURN);
      return await navigator.locks.request(`walk ${owner.account} ${owner.tour}`, { signal }, send);
    } catch (failed) {
      if (isOurs) throw failed;
      return this.#sendAll(owner, post); // the tab whose turn it is sleeps
    }
  }

  async #sendAll(owner, post) {
    let now = null;
    let most = AT_ONCE;
    for (;;) {
      const entries = await this.waiting(owner, most);
      if (!entries.length) return { kind: "sent", now };
      const batch = { account: owner.account, sent_at: new Date().toISOString(), entries: entries.map(said) };
      const { status, told } = await post(batch);
      const problem = told?.type?.split("#")[1] ?? "";
      if (status === 200) {
        const taken = new Set(told.taken.map(({ key }) => key));
        const acknowledged = entries.filter(({ key }) => taken.has(key));
        if (!acknowledged.length) throw new Error("nothing was taken");
        await this.#change(["entries", "walks"], (change) => {
          for (const { n } of acknowledged) change.objectStore("entries").delete(n);
          change.objectStore("walks").put(walkOf(owner, told.now));
        });
        now = told.now;
        most = AT_ONCE;
      } else if (status === 409 && problem === "key-reused") {
        await this.#setAside(entries.filter(({ key }) => key === told.key), problem);
      } else if (status === 409 && problem === "forgotten") {
        await this.#setAside(entries.filter(({ key }) => told.keys?.includes(key)), problem);
      } else if (status === 422 && problem === "invalid") {
        const wrong = faulty(told.faults, entries);
        if (wrong.length) await this.#setAside(wrong, problem);
        else if (entries.length > 1) most = 1; // which one it is about is not said: one by one
        else return { kind: "refused" };
      } else {
        return { kind: STOPS[status] ?? (problem || "failed") };
      }
    }
  }

  // What the server will never take is kept apart, to be read and copied, and does not hold up what comes after it.
  async #setAside(entries, why) {
    if (!entries.length) throw new Error("a refusal of nothing that was sent");
    await this.#change(["entries", "aside"], (change) => {
      for (const entry of entries) {
        change.objectStore("aside").put({ ...entry, why });
        change.objectStore("entries").delete(entry.n);
      }
    });
  }

  #read(name, ask) {
    return this.#within((db) => settled(ask(db.transaction(name).objectStore(name))));
  }

  #write(name, ask) {
    return this.#change(name, (change) => ask(change.objectStore(name)));
  }

  #change(names, ask) {
    return this.#within((db) => {
      const change = db.transaction(names, "readwrite", { durability: "strict" });
      ask(change);
      return completed(change);
    });
  }

  // Browsers close a store behind a page that sleeps. Once more is safe: a key stands once.
  async #within(deed) {
    try {
      return await deed(this.db);
    } catch (failed) {
      if (failed.name !== "InvalidStateError") throw failed;
      this.db = await opened(this.name);
      return deed(this.db);
    }
  }
}

async function opened(name) {
  const opening = indexedDB.open(name, 1);
  opening.addEventListener("upgradeneeded", () => {
    const { result: db } = opening;
    const entries = db.createObjectStore("entries", { keyPath: "n", autoIncrement: true });
    entries.createIndex("owner", ["account", "tour"]);
    entries.createIndex("key", "key", { unique: true });
    db.createObjectStore("aside", { keyPath: "key" }).createIndex("owner", ["account", "tour"]);
    db.createObjectStore("walks", { keyPath: ["account", "tour"] });
  });
  const db = await settled(opening);
  db.addEventListener("versionchange", () => db.close());
  return db;
}

const STOPS = { 401: "signed-out", 403: "stale", 404: "not-theirs" };

// Ids, times and counts: no names, no words.
const walkOf = ({ account, tour }, { led_by: _name, ...ids }) => ({ account, tour, ids, at: Date.now() });

const of = ({ account, tour }) => IDBKeyRange.only([account, tour]);

// An entry as it is sent, the same each time: the server compares.
const said = (entry) => Object.fromEntries(SAID.filter((name) => entry[name] !== undefined).map((name) => [name, entry[name]]));

function faulty(faults, entries) {
  const places = (faults ?? []).map(({ field }) => /^entries\.(\d+)/.exec(field)?.[1]).filter(Boolean);
  return [...new Set(places)].map((place) => entries[place]).filter(Boolean);
}

const settled = (asked) =>
  new Promise((done, failed) => {
    asked.addEventListener("success", () => done(asked.result));
    asked.addEventListener("error", () => failed(asked.error));
  });

const completed = (change) =>
  new Promise((done, failed) => {
    change.addEventListener("complete", () => done());
    for (const event of ["error", "abort"]) change.addEventListener(event, () => failed(change.error ?? new Error("not kept")));
  });
