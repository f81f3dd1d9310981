// The words of a press note, counted as they are typed; the page has counted them before.

// <span data-length="note-az" data-signs="">92 words</span>
for (const told of document.querySelectorAll("[data-length]")) {
  const field = document.getElementById(told.dataset.length);
  const length = (text) => told.dataset.signs ? (text.match(/[\u3400-\u9fff]/g) ?? []).length : text.split(/\s+/).filter(Boolean).length;
  field?.addEventListener("input", () => { told.textContent = told.textContent.replace(/\d+/, length(field.value)); });
}
