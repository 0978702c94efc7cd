// One key, one thing. A control says which key is its own: data-key="s". Inside the library the chosen article's
// control is meant, else the first on the page. Two keys one after the other are one word with a blank: data-key="v 1".
// No key works while something is typed.
import { choose, chosen, isLibrary } from "./library.js";

const GO = { l: "/", r: "/review", p: "/places", t: "/topics", c: "/clip", s: "/searches", ",": "/settings", h: "/help" };
const SEQUENCE_MS = 1200;
let goUntil = 0;
let first = "", firstUntil = 0; // the first of two keys

export function install() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      const listOpen = event.target.getAttribute?.("aria-expanded") === "true"; // Escape closes the list first
      if (event.key === "Escape" && !listOpen && !event.defaultPrevented) event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open], .facets:popover-open")) return;
    if (press(event)) event.preventDefault();
  });
}

function press(event) {
  const { key } = event;
  if (Date.now() < goUntil && GO[key]) {
    location.assign(GO[key]);
    return true;
  }
  goUntil = 0;
  const both = Date.now() < firstUntil ? control(`${first} ${key}`) : null;
  firstUntil = 0;
  if (both) return click(both);
  if (key === "g") {
    goUntil = Date.now() + SEQUENCE_MS;
    return true;
  }
  if (key === "/") return focusSearch();
  if (key === "?") return showKeys();
  if (key === "u") return click([...document.querySelectorAll('.notices [data-key="u"]')].at(-1));
  if (isLibrary()) {
    if (key === "j") return choose(1);
    if (key === "k") return choose(-1);
    if (key === "o" || (key === "Enter" && event.target === document.body)) return click(chosen()?.querySelector("h3 a"), true);
  }
  if (key.length > 1 && key !== "Delete") return false;
  if (click(control(key))) return true;
  if (!document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) return false;
  first = key;
  firstUntil = Date.now() + SEQUENCE_MS;
  return true;
}

function control(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const article = isLibrary() ? chosen() : null;
  if (isLibrary() && !article) return null;
  return article?.querySelector(selector) ?? document.querySelector(selector);
}

function click(element, navigate = false) {
  if (!element) return false;
  if (navigate) location.assign(element.href);
  else if (element.matches("input, textarea, select")) element.focus();
  else element.click();
  return true;
}

function focusSearch() {
  const box = document.getElementById("q");
  box?.focus();
  box?.select();
  return Boolean(box);
}

async function showKeys() {
  let dialog = document.getElementById("keys-dialog");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "keys-dialog";
    dialog.setAttribute("aria-label", "Keys");
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    const close = Object.assign(document.createElement("button"), { className: "quiet close", textContent: "Close", onclick: () => dialog.close() });
    const words = Object.assign(document.createElement("div"), { id: "keys-words" });
    dialog.append(words, close);
    document.body.append(dialog);
    await htmx.ajax("GET", "/help/keys", { target: "#keys-words", swap: "innerHTML" });
  }
  dialog.showModal();
  return true;
}

function isTyping(element) {
  return element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}
