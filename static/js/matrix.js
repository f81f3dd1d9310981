// <table data-arrows>: one link of the cells is a tab stop, arrows move between them; [data-key="b"] is pressed by its key.

for (const table of document.querySelectorAll("[data-arrows]")) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td a")]);
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  for (const link of rows.flat()) link.tabIndex = -1;
  rows[0][0].tabIndex = 0;
  table.addEventListener("focusin", ({ target }) => {
    if (!target.closest("td")) return;
    table.querySelector('td a[tabindex="0"]').tabIndex = -1;
    target.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = rows.findIndex((links) => links.includes(event.target));
    if (row < 0) return;
    const next = rows[row + step[0]]?.[rows[row].indexOf(event.target) + step[1]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.click();
});
