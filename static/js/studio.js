// Shows what the choices make as they change. Without it, the button "Show" does.

const form = document.querySelector("[data-studio]");
const PAUSE = 250; // ms after the last change
let waiting;
let asked = 0;

const shown = () => document.getElementById("shown");
const printing = () => document.querySelector("[data-print] button");

// Fetches the page at an address, and puts what is new of it in the place of the old.
const show = async (address) => {
  const turn = (asked += 1);
  shown().setAttribute("aria-busy", "true");
  if (printing()) printing().disabled = true;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) return; // another change was made meanwhile
    if (!fresh.getElementById("shown")) throw new Error("another page");
    put(fresh);
    history.replaceState(null, "", address);
  } catch {
    if (turn === asked) location.assign(address);
  }
};

const put = (fresh) => {
  const look = document.activeElement?.closest?.("#shown [data-look]")?.dataset.look;
  shown().replaceWith(fresh.getElementById("shown"));
  document.getElementById("summary").replaceChildren(...fresh.getElementById("summary").childNodes);
  form.elements.label.value = fresh.querySelector("[name=label]").value;
  const positions = document.getElementById("positions");
  if (!positions.contains(document.activeElement)) positions.replaceWith(fresh.getElementById("positions"));
  if (look) (document.querySelector(`[data-look="${look}"]`) ?? document.querySelector("[data-look]"))?.focus();
};

const address = () => {
  const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
  return `${form.action}?${new URLSearchParams(chosen)}`;
};

const showSoon = () => {
  clearTimeout(waiting);
  if (printing()) printing().disabled = true; // it would print what is shown, not what is chosen
  waiting = setTimeout(() => show(address()), PAUSE);
};

form.addEventListener("input", showSoon);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  show(address());
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-look]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.getAttribute("href"));
});
