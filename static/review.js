// The review: a suggestion that is hovered or has the focus lights its words in the text; the next article begins at
// its top. Keys are in keys.js: each control says its own.

function light(tag) {
  for (const mark of document.querySelectorAll(".said")) mark.classList.toggle("lit", Boolean(tag) && mark.dataset.tags.split(" ").includes(tag));
}
const tagOf = (node) => node.closest?.("[data-lights]")?.dataset.lights;

document.addEventListener("pointerover", (event) => {
  const tag = tagOf(event.target);
  if (tag || tagOf(event.relatedTarget ?? document.body)) light(tag);
});
document.addEventListener("focusin", (event) => light(tagOf(event.target)));
document.addEventListener("change", (event) => {
  if (event.target.name === "accept") light(tagOf(event.target));
});

// Its words are open for "never": the first has the focus, Escape closes them again. `toggle` does not bubble.
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".never[open]")) event.target.querySelector("button").focus();
}, true);
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.(".never[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// What is never to come from a word goes away: the focus goes to the one that comes in its place.
let refused = -1;
document.addEventListener("submit", (event) => {
  const tick = event.target.closest(".never") && event.target.closest(".tick");
  if (tick) refused = [...tick.parentElement.children].indexOf(tick);
});

let article = document.getElementById("desk")?.dataset.article;
document.addEventListener("htmx:after:swap", (event) => {
  const desk = document.getElementById("desk");
  if (event.detail.ctx?.target?.id !== "desk" || !desk) return;
  if (desk.dataset.article === article) { // a tag was added or refused: it is still the same
    const left = desk.querySelectorAll(".tick input[type=checkbox]");
    if (refused >= 0) (left[Math.min(refused, left.length - 1)] ?? document.getElementById("headline")).focus({ preventScroll: true });
    refused = -1;
    return;
  }
  article = desk.dataset.article;
  scrollTo({ top: 0, behavior: "instant" });
  document.getElementById("headline")?.focus({ preventScroll: true });
});
