// Highlights in the article's text: shows them with the CSS Custom Highlight API, and marks what is selected (button or h).
// The words are found in the page as the server found them in its text: blanks count alike, however many there are.

const words = () => document.getElementById("words"); // asked anew each time: an undo swaps the whole page
const AROUND = 64; // characters before and after a passage, as the server keeps them
const BLANK = /\s/;

/** The visible text of `root` with single blanks, and where each character stands (text node, offset). */
function flatten(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const letters = [];
  const places = [];
  let last = null; // the text node before
  const add = (letter, node, at) => {
    if (letter === " " && (!letters.length || letters[letters.length - 1] === " ")) return;
    letters.push(letter);
    places.push([node, at]);
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.tagName === "BR" && last) add(" ", last, last.data.length);
      continue;
    }
    if (last && blockOf(last) !== blockOf(node)) add(" ", last, last.data.length);
    for (let at = 0; at < node.data.length; at += 1) add(BLANK.test(node.data[at]) ? " " : node.data[at], node, at);
    last = node;
  }
  return { text: letters.join(""), places };
}

function blockOf(node) {
  let element = node.parentElement;
  while (element && element.id !== "words" && getComputedStyle(element).display.startsWith("inline")) element = element.parentElement;
  return element;
}

const plain = (text) => text.replace(/\s+/g, " ");

function common(one, other) {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

const backwards = (text) => [...text].reverse().join("");

/** The range of the passage whose surroundings fit best; null when it is not on the page. */
function find(flat, exact, prefix, suffix) {
  const wanted = plain(exact).trim();
  let best = -1;
  let fits = -1;
  for (let at = flat.text.indexOf(wanted); wanted && at >= 0; at = flat.text.indexOf(wanted, at + 1)) {
    const before = backwards(flat.text.slice(Math.max(0, at - AROUND), at).trimEnd());
    const after = flat.text.slice(at + wanted.length, at + wanted.length + AROUND).trimStart();
    const fit = common(before, backwards(plain(prefix).trimEnd())) + common(after, plain(suffix).trimStart());
    if (fit > fits) [best, fits] = [at, fit];
  }
  if (best < 0) return null;
  const range = document.createRange();
  range.setStart(...flat.places[best]);
  const [node, at] = flat.places[best + wanted.length - 1];
  range.setEnd(node, at + 1);
  return range;
}

const ranges = new Map(); // number of a highlight → its range

function show() {
  if (!words() || !CSS.highlights) return;
  ranges.clear();
  const listed = document.querySelectorAll("[data-highlight]");
  const flat = listed.length ? flatten(words()) : null;
  for (const item of listed) {
    const { highlight, exact, prefix, suffix } = item.dataset;
    const range = find(flat, exact, prefix, suffix);
    if (range) ranges.set(highlight, range);
  }
  CSS.highlights.set("reader", new Highlight(...ranges.values()));
}

/** What is selected in the text, with what stands around it; null when nothing is. */
function selected() {
  const selection = getSelection();
  if (!words() || !selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!words().contains(range.commonAncestorContainer) || !range.toString().trim()) return null;
  const flat = flatten(words());
  const inside = flat.places.map(([node, at], place) => (range.comparePoint(node, Math.min(at, node.data.length)) === 0 && place)).filter((place) => place !== false);
  if (!inside.length) return null;
  let first = inside[0];
  let last = inside[inside.length - 1];
  if (flat.places[last][0] === range.endContainer && flat.places[last][1] === range.endOffset) last -= 1;
  while (first < last && flat.text[first] === " ") first += 1;
  while (last > first && flat.text[last] === " ") last -= 1;
  return { exact: flat.text.slice(first, last + 1), prefix: flat.text.slice(Math.max(0, first - AROUND), first), suffix: flat.text.slice(last + 1, last + 1 + AROUND), range };
}

function mark() {
  const form = document.getElementById("highlight-form");
  const found = selected();
  if (!form || !found) return false;
  for (const name of ["exact", "prefix", "suffix"]) form.elements[name].value = found[name];
  getSelection().removeAllRanges();
  form.requestSubmit();
  return true;
}

const button = Object.assign(document.createElement("button"), { type: "button", className: "highlight-button go", hidden: true });
button.append("Highlight ", Object.assign(document.createElement("kbd"), { textContent: "h" }));
button.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the selection
button.addEventListener("click", mark);

function place() {
  const found = selected();
  if (found && !button.isConnected) document.body.append(button);
  button.hidden = !found;
  if (!found) return;
  const box = found.range.getBoundingClientRect();
  button.style.top = `${scrollY + box.bottom + 6}px`;
  button.style.left = `${Math.max(8, Math.min(scrollX + box.left, innerWidth - button.offsetWidth - 8))}px`;
}

if (words()) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => { clearTimeout(waiting); waiting = setTimeout(place, 120); });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "h" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && mark()) event.preventDefault();
    if (event.key === "Escape") button.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const item = event.target.closest?.("[data-highlight] blockquote")?.parentElement;
    const range = item && ranges.get(item.dataset.highlight);
    if (!range) return;
    range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });
  const listed = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches("#highlights, main, body") || node.querySelector("#highlights, #words"));
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes, ...change.removedNodes].some(listed))) show();
  }).observe(document.documentElement, { childList: true, subtree: true });
  show();
}
