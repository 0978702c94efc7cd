// The timeline: drag over bars, or Shift with the arrows, and the span becomes part of the query.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DRAG_PX = 5;
const lineOf = (element) => element.closest?.(".timeline");
const periods = (line) => [...line.querySelectorAll(".bars > [data-first]")];

const words = (text) => text.length === 7 ? `${MONTHS[Number(text.slice(5)) - 1]} ${text.slice(0, 4)}` : String(Number(text));
const counted = (count) => `${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}`;
const say = (line, text) => { line.querySelector("#timeline-says").textContent = text; };

let span = null; // {line, from, to}: places of the first and the last bar chosen, in either order

function show() {
  const { line, from, to } = span, all = periods(line);
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  all.forEach((period, place) => period.classList.toggle("within", place >= low && place <= high));
  const brush = line.querySelector(".brush"), step = 100 / all.length;
  brush.setAttribute("x", `${low * step}%`);
  brush.setAttribute("width", `${(high - low + 1) * step}%`);
  const { first } = all[low].dataset, { last } = all[high].dataset;
  const count = all.slice(low, high + 1).reduce((sum, period) => sum + Number(period.dataset.count), 0);
  say(line, first === last ? `${words(first)}: ${counted(count)}` : `${words(first)} to ${words(last)}: ${counted(count)}`);
  return { first, last };
}

function forget() {
  if (!span) return;
  for (const period of periods(span.line)) period.classList.remove("within");
  span.line.querySelector(".brush").setAttribute("width", "0");
  say(span.line, "");
  span = null;
}

// The query is text: what was asked without its dates, and the span.
function ask() {
  const { line } = span, { first, last } = show();
  const dates = first === last ? `date:${first}` : `date:${first}..${last}`;
  const url = new URL(line.querySelector(".brushed").href);
  url.searchParams.set("q", `${line.dataset.rest} ${dates}`.trim());
  forget();
  goTo(url.pathname + url.search, line);
}

// Links in pictures: htmx boosts only those of HTML. In the library list, facets and map follow in place.
function goTo(address, from) {
  if (!document.getElementById("library")?.contains(from)) location.assign(address);
  else htmx.ajax("GET", address, { source: from.closest(".overview").querySelector(".brushed"), target: "#library", swap: "outerMorph", push: address });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".map a, .bars a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  goTo(link.getAttribute("href"), link);
});

// ---- the pointer
let pressed = null;
const placeAt = (line, event) => {
  const box = line.querySelector(".bars").getBoundingClientRect(), count = periods(line).length;
  return Math.min(count - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * count)));
};
document.addEventListener("pointerdown", (event) => {
  if (event.button || !event.target.closest?.(".bars") || event.target.closest(".when")) return;
  pressed = { line: lineOf(event.target), x: event.clientX, moved: false, id: event.pointerId };
});
document.addEventListener("pointermove", (event) => {
  if (pressed?.id === event.pointerId) {
    if (!pressed.moved && Math.abs(event.clientX - pressed.x) < DRAG_PX) return;
    if (!pressed.moved) span = { line: pressed.line, from: placeAt(pressed.line, { clientX: pressed.x }), to: 0 };
    pressed.moved = true;
    span.to = placeAt(pressed.line, event);
    show();
  } else if (!span) {
    const period = event.target.closest?.(".bars > [data-first]");
    if (period) say(lineOf(period), period.querySelector("title").textContent);
  }
});
document.addEventListener("pointerout", (event) => {
  const line = !pressed && !span && event.target.closest?.(".bars") && lineOf(event.target);
  if (line && !event.relatedTarget?.closest?.(".bars")) say(line, "");
});
let swallow = false;
document.addEventListener("pointerup", (event) => {
  if (pressed?.id !== event.pointerId) return;
  const { moved } = pressed;
  pressed = null;
  if (!moved) return;
  swallow = true; // the click that ends a drag is not a click on the bar below it
  setTimeout(() => { swallow = false; });
  ask();
});
document.addEventListener("pointercancel", () => { pressed = null; forget(); });
document.addEventListener("click", (event) => {
  if (!swallow) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("dragstart", (event) => event.target.closest?.(".bars") && event.preventDefault());

// ---- the keyboard: arrows go from bar to bar, with Shift they take them into the span, Enter asks, Escape lets go
const bars = (line) => [...line.querySelectorAll(".bars > a[data-first]")];
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".bars > a[data-first]");
  if (!bar || event.altKey || event.ctrlKey || event.metaKey) return;
  const line = lineOf(bar), step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step && event.shiftKey) {
    event.preventDefault();
    const all = periods(line), here = all.indexOf(bar);
    span ??= { line, from: here, to: here };
    span.to = Math.min(all.length - 1, Math.max(0, span.to + step));
    show();
  } else if (step || event.key === "Home" || event.key === "End") {
    event.preventDefault();
    forget();
    const all = bars(line), next = step ? all.indexOf(bar) + step : event.key === "Home" ? 0 : all.length - 1;
    all[Math.min(all.length - 1, Math.max(0, next))].focus();
  } else if (event.key === "Enter" && span) {
    event.preventDefault();
    ask();
  } else if (event.key === "Escape" && span) {
    event.preventDefault();
    forget();
  }
});
document.addEventListener("focusin", (event) => {
  const bar = event.target.closest?.(".bars > a[data-first]");
  if (!bar) return;
  visit(bar);
  if (bar.matches(":focus-visible")) say(lineOf(bar), bar.querySelector("title").textContent);
});
document.addEventListener("focusout", (event) => {
  const line = event.target.closest?.(".bars") && lineOf(event.target);
  if (!line || pressed) return;
  forget();
  say(line, "");
});

// One stop of the Tab key for all bars: the latest.
function visit(bar) {
  for (const other of bars(lineOf(bar))) other.setAttribute("tabindex", other === bar ? "0" : "-1");
}
export function oneStop() {
  for (const line of document.querySelectorAll(".timeline")) {
    const all = bars(line), stop = all.find((bar) => bar === document.activeElement) ?? all.at(-1);
    if (stop) visit(stop);
  }
}
document.addEventListener("htmx:after:swap", () => { span = null; oneStop(); });
oneStop();
