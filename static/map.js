// The map: what the pointer is on, keys from country to country, zoom by hand, and what the reader folded away.
// Everything it does is quicker or finer than the links, radio buttons and tables that work without it.
import "./timeline.js";

const MAX_ZOOM = 24, DRAG_PX = 4;
const worldOf = (element) => element.closest?.(".world");
const areas = (world) => [...world.querySelectorAll(".map a:not([tabindex='-1']), .map a[data-stop]")];

// ---- what the pointer or the focus is on: its name, and its outline above its neighbours
function light(area, focused = false) {
  const world = worldOf(area);
  world.querySelector(".map-says").textContent = area.querySelector("title").textContent;
  const shape = area.querySelector("use"), dot = area.querySelector("circle");
  const lit = world.querySelector("use.lit"), litDot = world.querySelector("circle.lit");
  lit.setAttribute("href", shape?.getAttribute("href") ?? "");
  for (const name of ["cx", "cy"]) litDot.setAttribute(name, dot?.getAttribute(name) ?? "0");
  litDot.style.display = dot ? "" : "none";
  for (const each of [lit, litDot]) each.classList.toggle("focused", focused);
}
function dim(world) {
  world.querySelector(".map-says").textContent = "";
  world.querySelector("use.lit").setAttribute("href", "");
  world.querySelector("circle.lit").style.display = "none";
}
document.addEventListener("pointerover", (event) => {
  const area = event.target.closest?.(".map a");
  if (area) light(area);
});
document.addEventListener("pointerout", (event) => {
  const world = worldOf(event.target);
  if (world && !event.relatedTarget?.closest?.(".map a")) dim(world);
});
document.addEventListener("focusin", (event) => {
  const area = event.target.closest?.(".map a");
  if (!area) return;
  visit(area);
  if (area.matches(":focus-visible")) light(area, true);
});
document.addEventListener("focusout", (event) => {
  if (event.target.closest?.(".map a")) dim(worldOf(event.target));
});

// ---- a region of a list that is hovered or has the focus is outlined, with all that it covers
const SVG = "http://www.w3.org/2000/svg", SHAPES = "/static/world.svg#";
const words = (text) => (text ?? "").split(" ").filter(Boolean);
function outline(link) {
  const world = document.querySelector(".world"), says = world?.querySelector(".map-says");
  if (!world?.getClientRects().length) return;
  const svg = world.querySelector(".map"), shapes = new Set([...svg.querySelectorAll("a use:first-of-type")].map((use) => use.getAttribute("href")));
  const inside = words(link?.dataset.inside), drawn = (name) => shapes.has(SHAPES + name);
  fill(svg.querySelector("#outside-hovered g"), inside.filter(drawn).map(shape));
  fill(svg.querySelector(".hovered .edge"), inside.filter(drawn).map(shape));
  fill(svg.querySelector(".hovered .part"), words(link?.dataset.partly).filter(drawn).map(shape));
  fill(svg.querySelector(".hovered .rings"), inside.map((name) => svg.querySelector(`[data-small="${CSS.escape(name)}"] circle`)).filter(Boolean).map((circle) => circle.cloneNode()));
  says.textContent = link ? `${link.querySelector("bdi").textContent}: ${link.querySelector("span, td")?.textContent ?? ""}`.replace(/: $/, "") : "";
}
const fill = (group, marks) => group.replaceChildren(...marks);
function shape(name) {
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", SHAPES + name);
  return use;
}
let listed = null;
for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(begin, (event) => {
    const link = event.pointerType !== "touch" && event.target.closest?.("a[data-inside]");
    if (link && link !== listed) outline(listed = link);
  });
  document.addEventListener(end, (event) => {
    if (listed?.contains(event.target) && !listed.contains(event.relatedTarget)) outline(listed = null);
  });
}

// ---- one stop of the Tab key; arrows go from country to country, most articles first
function visit(area) {
  for (const other of areas(worldOf(area))) {
    other.dataset.stop = "";
    other.setAttribute("tabindex", other === area ? "0" : "-1");
  }
}
function oneStop() {
  for (const world of document.querySelectorAll(".world")) {
    const all = areas(world);
    const first = all.find((area) => area === document.activeElement) ?? all[0];
    if (first) visit(first);
  }
}
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.(".map a");
  if (!area || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "+" || event.key === "-") {
    event.preventDefault();
    const dot = middle(area);
    zoom(worldOf(area), event.key === "+" ? 1.6 : 1 / 1.6, dot.x, dot.y);
    return;
  }
  if (!(event.key in STEPS)) return;
  event.preventDefault();
  const all = areas(worldOf(area));
  all[Math.min(all.length - 1, Math.max(0, all.indexOf(area) + STEPS[event.key]))].focus();
});

// ---- zoom by hand: two fingers, the wheel with Ctrl, + and -; dragging when zoomed
const view = (world) => {
  const style = getComputedStyle(world);
  return { k: Number(style.getPropertyValue("--k")), x: Number(style.getPropertyValue("--x")), y: Number(style.getPropertyValue("--y")) };
};
let held = null; // the view made by hand, kept when the results change
function look(world, { k, x, y }) {
  const { width, height } = world.querySelector(".map").viewBox.baseVal;
  held = { k, x: Math.min(width * .5, Math.max(width * .5 - width * k, x)), y: Math.min(height * .5, Math.max(height * .5 - height * k, y)) };
  for (const name of ["k", "x", "y"]) world.style.setProperty(`--${name}`, held[name].toFixed(3));
  world.classList.toggle("zoomed", k > 1);
}
function zoom(world, by, x, y) {
  const now = view(world);
  const k = Math.min(MAX_ZOOM, Math.max(1, now.k * by));
  if (k === 1) return letGo(world);
  look(world, { k, x: x - (x - now.x) * k / now.k, y: y - (y - now.y) * k / now.k });
}
function letGo(world) {
  held = null;
  for (const name of ["k", "x", "y"]) world.style.removeProperty(`--${name}`);
  world.classList.toggle("zoomed", view(world).k > 1);
}
const units = (svg, event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
function middle(area) {
  const box = area.getBoundingClientRect();
  return units(area.ownerSVGElement, { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 });
}
document.addEventListener("wheel", (event) => {
  const svg = event.target.closest?.("svg.map");
  if (!svg || !event.ctrlKey) return;
  event.preventDefault();
  const at = units(svg, event);
  zoom(worldOf(svg), Math.exp(-event.deltaY / 200), at.x, at.y);
}, { passive: false });

const fingers = new Map();
let dragged = false;
document.addEventListener("pointerdown", (event) => {
  const svg = event.target.closest?.("svg.map");
  if (!svg || event.button) return;
  dragged = false;
  fingers.set(event.pointerId, { svg, from: [event.clientX, event.clientY], at: units(svg, event) });
});
document.addEventListener("pointermove", (event) => {
  const finger = fingers.get(event.pointerId);
  if (!finger) return;
  const { svg, from, at: before } = finger, world = worldOf(svg);
  if (!dragged && Math.hypot(event.clientX - from[0], event.clientY - from[1]) < DRAG_PX) return;
  const at = units(svg, event);
  const others = [...fingers.entries()].filter(([id]) => id !== event.pointerId).map(([, other]) => other.at);
  if (others.length) {
    const [other] = others, spread = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    zoom(world, spread(at) / spread(before), other.x, other.y);
  } else if (view(world).k > 1) {
    const now = view(world);
    look(world, { k: now.k, x: now.x + at.x - before.x, y: now.y + at.y - before.y });
  } else return;
  dragged = true;
  world.classList.add("dragging");
  world.querySelector(".ground").classList.add("free");
  finger.at = at;
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, (event) => {
    const world = fingers.get(event.pointerId)?.svg.closest(".world");
    fingers.delete(event.pointerId);
    world?.classList.remove("dragging");
    world?.querySelector(".ground").classList.remove("free");
  });
}
document.addEventListener("click", (event) => {
  if (!dragged || !event.target.closest?.("svg.map")) return;
  dragged = false;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("dragstart", (event) => event.target.closest?.("svg.map") && event.preventDefault());

// ---- remembered: the part of the world for this window, folded or not for this browser
const FRAME = "dateline-frame", YEAR_S = 365 * 86_400;
document.addEventListener("change", (event) => {
  if (event.target.name !== "frame") return;
  sessionStorage.setItem(FRAME, event.target.id);
  letGo(worldOf(event.target));
});
document.addEventListener("toggle", (event) => {
  if (event.target.id === "map-fold") document.cookie = `dateline-map=${event.target.open ? "open" : "folded"}; path=/; max-age=${YEAR_S}; samesite=lax`;
}, true);

// The tables are asked for when they are opened, and again when the results below them changed.
document.addEventListener("toggle", (event) => {
  const body = event.target.id === "as-tables" && event.target.open && event.target.querySelector("[data-tables]");
  if (body) htmx.ajax("GET", body.dataset.tables, { target: "#tables-body", swap: "outerHTML" });
}, true);

const opened = new Set(); // tables that were opened stay open when their numbers change
const tables = () => document.querySelectorAll("details.as-tables");
document.addEventListener("htmx:before:swap", () => {
  opened.clear();
  for (const table of tables()) if (table.open) opened.add(table.id);
});
function again() {
  const frame = document.getElementById(sessionStorage.getItem(FRAME) ?? "");
  if (frame) frame.checked = true;
  for (const table of tables()) if (opened.has(table.id)) table.open = true;
  for (const world of document.querySelectorAll(".world")) {
    if (held) look(world, held);
    else letGo(world);
    dim(world);
  }
  oneStop();
}
document.addEventListener("htmx:after:swap", again);
again();
