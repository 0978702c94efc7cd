// What popup and options share: elements by name, made elements, states, and a field that completes tags.
import { call } from "./server.js";

export const by = (id) => document.getElementById(id);

export function made(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) key in element ? (element[key] = value) : element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  svg.firstChild.setAttribute("href", `icons/marks.svg#${name}`);
  return svg;
}

/** Show what belongs to any of `names` (data-when), hide what belongs to other states. */
export function state(...names) {
  [document.body.dataset.state] = names;
  for (const each of document.querySelectorAll("[data-when]")) each.hidden = !names.some((name) => each.dataset.when.split(" ").includes(name));
}

/** One line that says how it stands; a screen reader reads it out. */
export function say(kind, ...words) {
  by("standing").hidden = !words.length;
  by("standing").className = kind;
  by("standing").replaceChildren(...(kind ? [icon({ good: "check", bad: "warning" }[kind] ?? kind)] : []), made("p", { dir: "auto" }, ...words));
}

export const wrong = (error) => say("bad", error.message);

export const mark = (kind) => icon(kind === "topic" ? "hash" : "pin");

const KINDS = ["region", "topic"];

/** Completes regions and topics in `input`; `take({kind, name})` gets what was chosen, or null for a name nobody knows. */
export function completes(input, list, take) {
  let asked = 0, offered = [], chosen = -1;
  const close = () => { list.hidden = true; chosen = -1; offered = []; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const pick = (tag) => { input.value = ""; close(); take(tag); };
  const point = (at) => {
    chosen = at;
    [...list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
    input.setAttribute("aria-activedescendant", list.children[at]?.id ?? "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  async function look() {
    const turn = ++asked, typed = input.value.trim();
    if (!typed) return close();
    const ask = (kind) => call(`/api/v1/tags?kind=${kind}&name=${encodeURIComponent(typed)}`, { wait_ms: 4000 }).then(({ tags }) => tags.slice(0, 5).map((tag) => ({ kind, ...tag })));
    const found = (await Promise.all(KINDS.map(ask)).catch(() => KINDS.map((kind) => ({ kind, name: typed, path: "looked up when the archive answers" })))).flat();
    if (turn !== asked || !found.length) return turn === asked && close();
    offered = found;
    list.replaceChildren(...found.map((tag, at) => made("li", { role: "option", id: `found-${at}`, onpointerdown: (event) => { event.preventDefault(); pick(tag); } },
      mark(tag.kind), made("bdi", { textContent: tag.name }), made("small", { textContent: tag.path?.length ? [tag.path].flat().join(" › ") : "" }))));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(0);
  }
  input.addEventListener("input", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && offered.length) { event.preventDefault(); point((chosen + step + offered.length) % offered.length); }
    if (event.key === "Escape" && offered.length) { event.preventDefault(); close(); }
    if (event.key === "Enter" && input.value.trim() && !event.ctrlKey) { event.preventDefault(); pick(offered[chosen] ?? null); }
  });
}
