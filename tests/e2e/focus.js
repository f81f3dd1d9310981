// What is wrong with the element that has the focus, in words; null when the focus is on the page itself.
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const name = `<${element.localName}> «${(element.textContent || element.id).trim().replace(/\s+/g, " ").slice(0, 30)}»`;
  const inset = 2; // px: corners may be round, and lines of a link in a text have gaps
  const middle = [(left + right) / 2, (top + bottom) / 2];
  const points = [middle, [middle[0], top + inset], [middle[0], bottom - inset]];
  const faults = [];
  const isCovered = ([x, y]) => {
    const found = document.elementFromPoint(x, y);
    return !found || !(element.contains(found) || found.contains(element));
  };
  if (points.some(isCovered)) faults.push(`covered: ${name}`);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) faults.push(`no ring: ${name}`);
  return faults;
}
