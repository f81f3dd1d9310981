// A signature drawn with a finger, and the photograph as it was taken. Without script there is no pad, and the rest works.

const WIDEST = 1200; // pixels of the signature that is sent
const INK = "#1b1e23", PAPER = "#ffffff"; // in both themes: it is kept as it is signed

export function prepare() {
  for (const pad of document.querySelectorAll("[data-pad]")) lay(pad);
  for (const shown of document.querySelectorAll("[data-preview]")) preview(shown);
}

// <div data-pad="address of signature_pad" hidden> with a canvas, two buttons and the field that is sent
async function lay(pad) {
  const { default: SignaturePad } = await import(pad.dataset.pad);
  const canvas = pad.querySelector("canvas");
  const field = pad.querySelector("[name=signature]");
  let before = field.value; // what came back with a form that was refused
  let width = 0;

  pad.hidden = false;
  const paper = new SignaturePad(canvas, { penColor: INK, backgroundColor: PAPER, minWidth: 0.8, maxWidth: 2.6 });

  async function draw(strokes) {
    paper.clear();
    if (before) await paper.fromDataURL(before, { width: canvas.clientWidth, height: canvas.clientHeight });
    paper.fromData(strokes, { clear: false });
    tell();
  }

  function tell() {
    field.value = before || paper.toData().length ? canvas.toDataURL("image/png") : "";
  }

  // A phone that is turned keeps what was signed, larger or smaller.
  function fit() {
    const wide = canvas.clientWidth;
    if (!wide || wide === width) return;
    const strokes = paper.toData(), scale = width ? wide / width : 1;
    for (const { points } of strokes) for (const point of points) { point.x *= scale; point.y *= scale; }
    const ratio = Math.min(Math.max(2, devicePixelRatio), WIDEST / wide);
    canvas.width = wide * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    width = wide;
    draw(strokes);
  }

  pad.querySelector("[data-clear]").addEventListener("click", () => { before = ""; draw([]); });
  pad.querySelector("[data-undo]").addEventListener("click", () => {
    const strokes = paper.toData();
    if (!strokes.pop()) before = "";
    draw(strokes);
  });
  paper.addEventListener("endStroke", tell);
  new ResizeObserver(fit).observe(canvas);
}

// <img data-preview="file">, and what says that the file is too large
function preview(shown) {
  const field = document.getElementById(shown.dataset.preview);
  const warning = document.querySelector(`[data-too-large="${field.id}"]`);
  const look = () => {
    const [file] = field.files;
    URL.revokeObjectURL(shown.src);
    warning.hidden = !file || file.size <= field.dataset.most * 1e6;
    shown.hidden = !file || !warning.hidden;
    if (!shown.hidden) shown.src = URL.createObjectURL(file);
  };
  field.addEventListener("change", look);
  shown.addEventListener("error", () => { shown.hidden = true; });
  if (field.files.length) look();
}

prepare();
