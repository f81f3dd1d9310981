// What makes a page a little easier, and none of it needed: a theme, sharing, one offer, following.

const remembered = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* private mode */ } },
};

// <fieldset data-themes hidden> with a radio button for each theme; "" is the phone's own.
for (const themes of document.querySelectorAll("[data-themes]")) {
  const chosen = remembered.get("theme") ?? "";
  for (const choice of themes.querySelectorAll("input")) choice.checked = choice.value === chosen;
  themes.addEventListener("change", ({ target }) => {
    remembered.set("theme", target.value);
    if (target.value) document.documentElement.dataset.theme = target.value;
    else delete document.documentElement.dataset.theme;
  });
  themes.hidden = false;
}

// <button data-share="Address copied" hidden>Share this page</button>; not what is a delegation's own.
for (const button of document.querySelectorAll("[data-share]")) {
  const page = { title: document.title, url: location.origin + location.pathname };
  if (location.pathname.startsWith("/d/") || (!navigator.share && !navigator.clipboard)) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) await navigator.share(page);
      else {
        await navigator.clipboard.writeText(page.url);
        button.textContent = button.dataset.share;
      }
    } catch { /* the person changed their mind */ }
  });
}

// <aside data-offer hidden>: the page in the phone's language, when it speaks none of this one.
const base = (tag) => tag.toLowerCase().split("-")[0];
const offer = document.querySelector("[data-offer]");
const spoken = navigator.languages.map(base);
if (offer && !spoken.includes(base(document.documentElement.lang))) {
  const form = document.querySelector(".switcher form");
  const buttons = [...form.querySelectorAll("button")];
  const button = spoken.map((tag) => buttons.find((one) => base(one.value) === tag)).find(Boolean);
  if (button && !remembered.get("offered")) {
    const offered = form.cloneNode();
    offered.append(form.elements.next.cloneNode(), button.cloneNode(true));
    offer.prepend(offered);
    offer.hidden = false;
    offer.querySelector("[data-dismiss]").addEventListener("click", () => {
      remembered.set("offered", "1");
      offer.hidden = true;
    });
  }
}

// <script data-follow="follow.js">: for guests who asked on their delegation's page to follow their guide.
if (remembered.get("follow") && !location.pathname.startsWith("/d/")) {
  import(document.querySelector("[data-follow]").dataset.follow).catch(() => { /* the page is whole without */ });
}
