// Reads the article aloud with the browser's own voices, a paragraph at a time, and marks the one being read.
// The button appears only where the browser has a voice for the language; nothing leaves the machine that the
// browser does not send by itself: voices that live on somebody's server are passed over.
const SPOKEN = "h1, .standfirst, #words :is(p, h2, h3, h4, li, blockquote, figcaption, pre)";
const button = document.getElementById("listen");
const speech = window.speechSynthesis;
let queue = [];
let here = null;

function language() {
  const words = document.getElementById("words");
  return (words && words.lang) || document.documentElement.lang;
}

function voice() {
  const wanted = language().toLowerCase().split("-")[0];
  const fitting = speech.getVoices().filter((each) => each.lang.toLowerCase().startsWith(wanted) && each.localService);
  return fitting.find((each) => each.default) || fitting[0] || null;
}

function paragraphs() {
  const found = [...document.querySelectorAll(SPOKEN)].filter((each) => each.textContent.trim());
  return found.filter((each) => !found.some((other) => other !== each && other.contains(each)));
}

function show(state) {
  button.dataset.state = state;
  button.setAttribute("aria-pressed", String(state === "reading"));
  button.querySelector("[data-label]").textContent = { idle: "Listen", reading: "Pause", paused: "Go on" }[state];
}

function leave() {
  if (here) here.classList.remove("spoken");
  here = null;
}

function next() {
  leave();
  here = queue.shift() || null;
  if (!here) return stop();
  const said = new SpeechSynthesisUtterance(here.textContent.replace(/\s+/g, " ").trim());
  said.voice = voice();
  said.lang = language();
  said.onend = next;
  said.onerror = (event) => (event.error === "interrupted" || event.error === "canceled" ? null : stop());
  here.classList.add("spoken");
  const box = here.getBoundingClientRect();
  if (box.top < 80 || box.bottom > innerHeight) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    here.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }
  speech.speak(said);
}

function stop() {
  queue = [];
  leave();
  speech.cancel();
  show("idle");
}

function press() {
  if (button.dataset.state === "reading") {
    speech.pause();
    show("paused");
  } else if (button.dataset.state === "paused") {
    speech.resume();
    show("reading");
  } else {
    const all = paragraphs();
    const from = all.findIndex((each) => each.getBoundingClientRect().bottom > 80); // what is on the screen now
    queue = all.slice(Math.max(0, from));
    show("reading");
    next();
  }
}

function offer() {
  button.hidden = !voice();
}

if (button && speech) {
  offer();
  speech.addEventListener("voiceschanged", offer);
  button.addEventListener("click", press);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.dataset.state !== "idle") stop();
  });
  addEventListener("pagehide", () => speech.cancel());
}
