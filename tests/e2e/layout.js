// What is wrong with the layout of the page as it stands, in words; an empty list if nothing is.
({ rightToLeft }) => {
  const TARGET = 44; // px: WCAG 2.5.5
  const ROUNDING = 1; // px: fractions of a pixel and the rounding of scrollWidth
  const MAY_END_IN_AN_ELLIPSIS = ".back span, .step span";
  const TARGETS = "a[href], button, summary, input:not([type=hidden]), select, textarea";

  const faults = [];
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const box = (element) => element.getBoundingClientRect();
  const style = (element) => getComputedStyle(element);
  const named = (element) =>
    `<${element.localName}${[...element.classList].map((one) => `.${one}`).join("")}> ` +
    `«${element.textContent.trim().replace(/\s+/g, " ").slice(0, 30)}»`;
  // What is for screen readers alone: clipped to a pixel, or moved off until it has the focus.
  const aside = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const { clipPath, clip, position } = style(one);
      const { width, height, bottom } = box(one);
      if (position === "absolute" && (clip !== "auto" || clipPath !== "none" || (width <= 1 && height <= 1))) return true;
      if (one.matches(".skip") && bottom <= 0) return true;
    }
    return false;
  };
  // A table that is wider than the screen scrolls in a region of its own, which can have the focus.
  const scrollsByItself = (element) => element.closest("[role=region][tabindex]");
  const all = [...document.body.querySelectorAll("*")].filter((one) => !one.closest("svg") && seen(one) && !aside(one));
  const isShown = new Set(all);
  const ownText = (element) => [...element.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
  const isBlock = (element) => style(element).display !== "inline" && style(element).display !== "contents";

  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) faults.push(`the page scrolls sideways: ${root.scrollWidth} in ${innerWidth} px`);

  for (const element of all.filter((one) => ownText(one).length)) {
    if (element.closest(MAY_END_IN_AN_ELLIPSIS) || scrollsByItself(element)) continue;
    const { clientWidth, scrollWidth, clientHeight, scrollHeight } = element;
    if (isBlock(element) && scrollWidth > clientWidth + ROUNDING) faults.push(`clipped: ${named(element)}`);
    if (["hidden", "clip"].includes(style(element).overflowY) && scrollHeight > clientHeight + ROUNDING) faults.push(`cut off below: ${named(element)}`);
    const range = document.createRange();
    for (const text of ownText(element)) {
      range.selectNodeContents(text);
      const rects = [...range.getClientRects()];
      if (rects.some(({ left, right }) => left < -ROUNDING || right > innerWidth + ROUNDING)) faults.push(`outside: ${named(element)}`);
    }
  }

  // A word of a heading stands on one line, unless a reader has made letters larger or wider.
  const asDesigned = parseFloat(style(document.documentElement).fontSize) <= 16 && style(document.body).letterSpacing === "normal";
  for (const heading of asDesigned ? all.filter((one) => one.matches("h1:not(:lang(zh)), h2:not(:lang(zh))")) : []) {
    const range = document.createRange();
    for (const text of ownText(heading)) {
      for (const { 0: word, index } of text.data.matchAll(/[^\s\p{Pd}]+/gu)) {
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) faults.push(`a word is broken: ${named(heading)}`);
      }
    }
  }

  // Siblings that hold text: their text must not lie on each other's.
  // A line's rectangle is as high as its font says, which for Chinese is far more than its ink.
  const emBox = ({ left, right, top, bottom }, size) => {
    const spare = Math.max(0, bottom - top - size) / 2;
    return { left, right, top: top + spare, bottom: bottom - spare };
  };
  const inked = (element) => {
    const rects = [];
    const clippedTo = (edge, { left, right, top, bottom }) =>
      ({ left: Math.max(left, edge.left), right: Math.min(right, edge.right), top: Math.max(top, edge.top), bottom: Math.min(bottom, edge.bottom) });
    const range = document.createRange();
    for (const holder of [element, ...element.querySelectorAll("*")].filter((one) => isShown.has(one))) {
      for (const text of ownText(holder)) {
        range.selectNodeContents(text);
        const ellipsis = holder.closest(MAY_END_IN_AN_ELLIPSIS);
        const lines = [...range.getClientRects()].map((line) => emBox(line, parseFloat(style(holder).fontSize)));
        rects.push(...(ellipsis ? lines.map((line) => clippedTo(box(ellipsis), line)) : lines));
      }
    }
    return rects;
  };
  const crosses = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > ROUNDING && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > ROUNDING;
  const fixed = (element) => ["fixed", "sticky", "absolute"].includes(style(element).position);
  for (const parent of all) {
    const children = [...parent.children].filter((one) => isShown.has(one) && isBlock(one) && !fixed(one) && !scrollsByItself(one) && one.textContent.trim());
    for (let n = 0; n + 1 < children.length; n += 1) {
      const [one, next] = [inked(children[n]), inked(children[n + 1])];
      if (one.some((a) => next.some((b) => crosses(a, b)))) faults.push(`on top of each other: ${named(children[n])} and ${named(children[n + 1])}`);
    }
  }

  for (const element of all.filter((one) => one.matches(TARGETS))) {
    const inText = element.matches("a") && !isBlock(element) && ownText(element.parentElement).length;
    const { width, height } = box(element);
    if (!inText && height < TARGET - 0.5) faults.push(`${Math.round(height)} px high: ${named(element)}`);
    if (!inText && width < TARGET - 0.5) faults.push(`${Math.round(width)} px wide: ${named(element)}`);
  }

  const bar = document.querySelector(".steps");
  if (bar) {
    const { top, bottom, left, right } = box(bar);
    if (top < 0 || bottom > innerHeight + ROUNDING || left < -ROUNDING || right > innerWidth + ROUNDING) faults.push("the bar is not in sight");
    const [previous, next] = ["prev", "next"].map((rel) => bar.querySelector(`a[rel=${rel}]`));
    if (previous && next && box(next).left < box(previous).left !== rightToLeft) faults.push("Next is on the side of Previous");
  }
  return [...new Set(faults)];
}
