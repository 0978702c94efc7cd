// The tag panel of an article: the words behind a tag are marked in the text while it is hovered or has the focus, and
// pressing its name goes from one to the next. Everything else is forms.
import { find } from "./quotes.js";

const PARTS = { title: ".story-head h1", standfirst: ".story-head .standfirst", body: "#words", captions: ".story figcaption" };
const MARK = "dateline-mention", HERE = "dateline-mention-here";
const highlights = globalThis.CSS?.highlights && typeof Highlight === "function" ? CSS.highlights : null;

let shown = null;  // the element whose mentions are marked
let ranges = [];
let at = -1;

function mentions(holder) {
  const quotes = JSON.parse(holder.dataset.quotes || "[]");
  const found = [];
  for (const [part, selector] of Object.entries(PARTS)) {
    const wanted = quotes.filter(([where]) => where === part).map(([, before, words, after, share]) => ({ before, words, after, share }));
    const roots = wanted.length ? [...document.querySelectorAll(selector)] : [];
    if (roots.length) found.push(...find(roots, wanted));
  }
  return found;
}

function mark(holder) {
  if (shown === holder) return;
  clear();
  shown = holder;
  ranges = mentions(holder);
  at = -1;
  if (highlights) highlights.set(MARK, new Highlight(...ranges));
  else ranges.forEach(wrap);
}

function clear() {
  if (!shown) return;
  shown = null;
  if (highlights) {
    highlights.delete(MARK);
    highlights.delete(HERE);
  } else {
    for (const mark of document.querySelectorAll("mark.mention")) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
  }
  ranges = [];
}

// Without highlights: each text node of the range gets a <mark> of its own, the last first, so that offsets stay true.
function wrap(range) {
  const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  const nodes = range.commonAncestorContainer.nodeType === Node.TEXT_NODE ? [range.commonAncestorContainer] : [];
  while (walker.nextNode()) if (range.intersectsNode(walker.currentNode)) nodes.push(walker.currentNode);
  for (const node of nodes.reverse()) {
    const piece = document.createRange();
    piece.selectNodeContents(node);
    if (node === range.startContainer) piece.setStart(node, range.startOffset);
    if (node === range.endContainer) piece.setEnd(node, range.endOffset);
    if (piece.collapsed) continue;
    const mark = Object.assign(document.createElement("mark"), { className: "mention" });
    piece.surroundContents(mark);
  }
}

function goOn() {
  if (!ranges.length) return;
  at = (at + 1) % ranges.length;
  const places = highlights ? ranges : [...document.querySelectorAll("mark.mention")];
  const place = places[Math.min(at, places.length - 1)];
  if (highlights) highlights.set(HERE, new Highlight(place));
  const box = place.getBoundingClientRect();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollTo({ top: scrollY + box.top - innerHeight * 0.35, behavior: calm ? "auto" : "smooth" });
}

const holderOf = (node) => node.closest?.("[data-quotes]");

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const holder = holderOf(event.target);
  if (holder) mark(holder);
});
document.addEventListener("pointerout", (event) => {
  if (event.pointerType === "touch" || !shown?.contains(event.target) || shown.contains(event.relatedTarget)) return;
  if (shown.contains(document.activeElement)) return;
  clear();
});
document.addEventListener("focusin", (event) => {
  const holder = holderOf(event.target);
  if (holder) mark(holder);
  else clear();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (!button) return;
  mark(holderOf(button));
  goOn();
});

// An answer takes its suggestion away: the focus goes to the one that comes in its place.
let answered = -1;
document.addEventListener("submit", (event) => {
  const offer = event.target.closest(".offer");
  if (offer && offer.contains(document.activeElement)) answered = [...offer.parentElement.children].indexOf(offer);
});
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target?.id !== "filed") return;
  clear();
  const left = document.querySelectorAll(".offers > .offer");
  if (answered >= 0 && document.activeElement === document.body) {
    (left[Math.min(answered, left.length - 1)]?.querySelector(".yes") ?? document.getElementById("suggested"))?.focus({ preventScroll: true });
  }
  answered = -1;
});
