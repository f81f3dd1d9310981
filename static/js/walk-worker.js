// Keeps the walking page, so that it opens without a connection: its two shells and the files that they use, and nothing else, ever.
// KEPT stands above this and is made by the server: { version, shells, files }. A new version has a cache of its own.

const NAME = `walk-${KEPT.version}`;
const PATIENCE = 4_000; // ms that a page waits for a new shell

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(take()));

// All or nothing, and as nobody: a shell is the same for everybody.
async function fill() {
  const cache = await caches.open(NAME);
  await Promise.all(
    [...KEPT.shells, ...KEPT.files].map(async (path) => {
      const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
      if (!isFit(answer)) throw new Error(`${path} is not to be kept`);
      await cache.put(path, answer);
    }),
  );
  await skipWaiting();
}

async function take() {
  const old = (await caches.keys()).filter((name) => name.startsWith("walk-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

const isFit = (answer) => answer.status === 200 && answer.type === "basic" && answer.headers.get("X-Public") === "1";

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || search) return;
  if (KEPT.files.includes(pathname)) event.respondWith(kept(pathname).then((answer) => answer ?? fetch(request)));
  else if (request.mode === "navigate" && KEPT.shells.includes(pathname)) event.respondWith(shell(request, pathname));
});

// The server's, if it comes in time: a new version is seen at once. Else the one that is kept, with the files that it was made with.
async function shell(request, pathname) {
  const fallback = await kept(pathname);
  try {
    const answer = await fetch(request, fallback && { signal: AbortSignal.timeout(PATIENCE) });
    return isFit(answer) ? answer : (fallback ?? answer);
  } catch (failed) {
    if (fallback) return fallback;
    throw failed;
  }
}

const kept = async (pathname) => (await caches.open(NAME)).match(pathname, { ignoreVary: true });
