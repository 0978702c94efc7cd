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

let article = document.getElementById("desk")?.dataset.article;
document.addEventListener("htmx:after:swap", (event) => {
  const desk = document.getElementById("desk");
  if (event.detail.ctx?.target?.id !== "desk" || !desk) return;
  if (desk.dataset.article === article) return; // a tag was added: it is still the same
  article = desk.dataset.article;
  scrollTo({ top: 0, behavior: "instant" });
  document.getElementById("headline")?.focus({ preventScroll: true });
});
