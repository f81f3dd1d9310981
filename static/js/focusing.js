// The point of a picture that matters: clicked, moved with the arrow keys, or typed.

const ground = document.querySelector("[data-focus]");
const mark = ground.querySelector("[data-mark]");
const { focus_x: across, focus_y: down } = ground.closest("form").elements;
const width = Number(ground.dataset.width), height = Number(ground.dataset.height);
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function within(number, least, most) {
  return Math.min(Math.max(number, least), most);
}

function percent(field) {
  return within(Number.isNaN(field.valueAsNumber) ? 50 : field.valueAsNumber, 0, 100);
}

// As guide/media/cropping.py cuts.
function cut(wide, high, x, y) {
  const inWidth = Math.min(width, Math.floor((height * wide) / high));
  const inHeight = Math.min(height, Math.floor((width * high) / wide));
  const left = Math.round(within((x / 100) * width - inWidth / 2, 0, width - inWidth));
  const top = Math.round(within((y / 100) * height - inHeight / 2, 0, height - inHeight));
  return `${left} ${top} ${inWidth} ${inHeight}`;
}

function show() {
  const x = percent(across), y = percent(down);
  mark.style.insetInlineStart = `${x}%`;
  mark.style.insetBlockStart = `${y}%`;
  for (const one of document.querySelectorAll("[data-cut]")) {
    one.setAttribute("viewBox", cut(...one.dataset.cut.split(" ").map(Number), x, y));
  }
}

function put(x, y) {
  across.value = Math.round(within(x, 0, 100) * 10) / 10;
  down.value = Math.round(within(y, 0, 100) * 10) / 10;
  show();
}

ground.addEventListener("click", (event) => {
  if (event.target === mark) return;
  const box = ground.getBoundingClientRect();
  put((100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height);
  mark.focus();
});

mark.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const far = event.shiftKey ? 10 : 1;
  put(percent(across) + far * step[0], percent(down) + far * step[1]);
});

for (const field of [across, down]) field.addEventListener("input", show);
mark.hidden = false;
show();
