// What is wrong with the element that has the focus, in words; null when the focus has come round:
// it is on the page itself, or on the first element again, for a browser may wrap.
() => {
  const element = document.activeElement;
  if (!element || element === document.body || element === globalThis.firstStop) return null;
  globalThis.firstStop ??= element;
  const name = `<${element.localName}> «${(element.textContent || element.id).trim().replace(/\s+/g, " ").slice(0, 30)}»`;
  const inset = 2; // px: corners may be round
  // A link in a text may begin on one line and end on the next: each piece of it is looked at.
  const pieces = [...element.getClientRects()].filter(({ width, height }) => width * height > 0);
  const points = pieces.flatMap(({ left, top, right, bottom }) => {
    const middle = (left + right) / 2;
    return [top + inset, (top + bottom) / 2, bottom - inset].map((y) => [middle, y]);
  });
  const faults = [];
  const isCovered = ([x, y]) => {
    const found = document.elementFromPoint(x, y);
    return !found || !(element.contains(found) || found.contains(element));
  };
  if (!points.length || points.some(isCovered)) faults.push(`covered: ${name}`);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) faults.push(`no ring: ${name}`);
  return faults;
}
