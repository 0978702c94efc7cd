// The library: which article is chosen, its preview, and the search box that follows the query.
const WIDE = matchMedia("(min-width: 75em)");

export const isLibrary = () => Boolean(document.querySelector(".library-page .hits"));
const hits = () => [...document.querySelectorAll(".hits > .hit")];
export const chosen = () => document.querySelector(".hit.chosen");

export function choose(step) {
  const all = hits();
  if (!all.length) return false;
  const here = all.indexOf(chosen());
  const next = all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + step))];
  mark(next);
  next.querySelector("h3 a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  openPreview(next);
  return true;
}

function mark(hit) {
  for (const other of document.querySelectorAll(".hit.chosen")) if (other !== hit) other.classList.remove("chosen");
  hit?.classList.add("chosen");
}

const KEY_MS = 60, TYPING_MS = 500;  // someone who holds j down, or types on, asks once: for the last one
let waiting = 0;
function openPreview(hit, wait = KEY_MS) {
  clearTimeout(waiting);
  if (!WIDE.matches || shown() === hit.dataset.article) return;
  const { article } = hit.dataset;
  waiting = setTimeout(async () => {
    await htmx.ajax("GET", `/articles/${article}/preview`, { target: "#preview", swap: "innerHTML" });
    document.getElementById("preview")?.scrollTo(0, 0);
    markShown();
    if (wait === KEY_MS) remember(article);
  }, wait);
}

// Which article is open is part of the address: it can be reloaded and sent.
function remember(article) {
  const here = new URL(location);
  here.searchParams.set("open", article);
  history.replaceState(history.state, "", here);
}

const shown = () => document.querySelector("#preview .previewed")?.dataset.article;

// A click on a headline chooses the article when there is room for its preview; on the chosen one it opens it.
document.addEventListener("click", (event) => {
  const hit = event.target.closest(".hit");
  if (!hit || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a");
  if (link && !link.matches("h3 a, .thumb")) return;
  if (!link && (event.target.closest("button, form") || String(getSelection()))) return;
  if (!WIDE.matches || (link && shown() === hit.dataset.article)) return;
  event.preventDefault();
  mark(hit);
  openPreview(hit);
});

document.addEventListener("focusin", (event) => {
  const hit = event.target.closest?.(".hit");
  if (hit && event.target.matches(":focus-visible")) mark(hit);
});

// The box shows the query, unless somebody is typing in it. Typing makes one step of history, not one a letter.
let typing = false;

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement?.id !== "search") {
    if (ctx.target?.id === "library") typing = false;
    return;
  }
  if (typing) [ctx.push, ctx.replace] = [null, "true"];
  typing = ctx.sourceEvent?.type === "input";
});

// The address holds only what was asked: no empty q, no "best".
document.addEventListener("htmx:before:history:update", (event) => {
  const { history: step } = event.detail;
  const url = new URL(step.path, location);
  if (url.pathname !== "/") return;
  if (!url.searchParams.get("q")) url.searchParams.delete("q");
  step.path = url.pathname + url.search;
});

function follow() {
  const library = document.getElementById("library");
  const box = document.getElementById("q");
  if (!library || !box || !("query" in library.dataset)) return;
  if (document.activeElement !== box) box.value = library.dataset.query;
  document.title = library.dataset.title;
}

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx?.target;
  if (target?.id !== "library") return;
  follow();
  const source = event.detail.ctx.sourceElement;
  if (source?.id !== "search" && source !== document.body) scrollTo({ top: 0 });
  const first = hits()[0];
  if (!first) document.getElementById("preview")?.replaceChildren();
  else if (!document.getElementById(`article-${shown()}`)) openPreview(first, TYPING_MS);
});
document.addEventListener("htmx:after:swap", () => chosen() || markShown());

// Branches that somebody unfolded stay unfolded when the numbers beside them change.
const unfolded = new Set();
const branches = () => document.querySelectorAll(".facets .tree details");
const nameOf = (details) => details.querySelector("summary").getAttribute("aria-label") ?? details.parentElement.closest("section")?.textContent.slice(0, 20);
document.addEventListener("htmx:before:swap", () => {
  unfolded.clear();
  for (const details of branches()) if (details.open) unfolded.add(nameOf(details));
});
document.addEventListener("htmx:after:swap", () => {
  for (const details of branches()) if (unfolded.has(nameOf(details))) details.open = true;
});

// The star in the list and the star in the preview are one star; the button that was pressed keeps the focus.
let pressed = "";
document.addEventListener("htmx:before:swap", () => { pressed = document.activeElement?.id ?? ""; });
document.addEventListener("htmx:after:swap", () => {
  if (pressed && document.activeElement === document.body) document.getElementById(pressed)?.focus({ preventScroll: true });
});
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx?.target;
  const [, place, article] = /^state-(row|preview)-(\d+)$/.exec(target?.id ?? "") ?? [];
  if (!place) return;
  const fresh = document.getElementById(target.id);
  const other = document.getElementById(`state-${place === "row" ? "preview" : "row"}-${article}`);
  if (!fresh || !other) return;
  for (const name of ["star", "done"]) {
    const from = document.getElementById(`${name}-${place}-${article}`);
    const to = other.querySelector(`[id^="${name}-"]`);
    to.setAttribute("aria-pressed", from.getAttribute("aria-pressed"));
    to.querySelector("use").setAttribute("href", from.querySelector("use").getAttribute("href"));
    to.form.querySelector("input").value = from.form.querySelector("input").value;
  }
  other.dataset.reading = fresh.dataset.reading;
});

// What was thrown away leaves the list, and the one after it is chosen, so that a list can be cleared with one key.
let afterTrash = null;
document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (!form?.matches?.('form[action$="/trash"]')) return;
  const row = document.getElementById(`article-${form.closest("[data-article]")?.dataset.article}`);
  afterTrash = row?.nextElementSibling ?? row?.previousElementSibling ?? null;
});
document.addEventListener("dateline:trashed", (event) => {
  if (shown() !== String(event.detail.article)) return;
  if (afterTrash?.isConnected) {
    mark(afterTrash);
    openPreview(afterTrash);
  } else document.getElementById("preview")?.replaceChildren();
});

// The index follows a write within a second; then the list and its numbers are asked for again, quietly.
const INDEX_MS = 1000;
let again = 0;
document.addEventListener("htmx:after:request", (event) => {
  if (!event.detail.ctx.sourceElement?.matches?.('form[action$="/trash"], form[action$="/restore"]')) return;
  clearTimeout(again);
  again = setTimeout(() => {
    if (isLibrary()) htmx.ajax("GET", location.pathname + location.search, { target: "#library", swap: "outerMorph" });
  }, INDEX_MS);
});

function markShown() {
  const row = document.getElementById(`article-${shown()}`);
  if (row && WIDE.matches) mark(row);
}
markShown();
