// What every page does with scripts on. Everything here only quickens what links and forms do without it.
import "./theme-switch.js";
import "./library.js";
import { install } from "./keys.js";

install();

// On a narrow screen the places of the bar scroll: where we are is in sight.
document.querySelector(".places [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });

// Notices: close, and go by themselves when there is nothing left to decide (longer when there is something to undo).
const NOTICE_MS = 6000, UNDO_MS = 20000;

document.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest(".notice")?.remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".menu a")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function age(notice) {
  if (notice.dataset.aging || notice.classList.contains("problem")) return;
  notice.dataset.aging = "yes";
  const wait = notice.querySelector("form") ? UNDO_MS : NOTICE_MS;
  const leave = () => {
    if (notice.matches(":hover, :focus-within")) setTimeout(leave, NOTICE_MS);
    else notice.remove();
  };
  setTimeout(leave, wait);
}

function ageAll() {
  const notices = [...document.querySelectorAll(".notices > .notice")];
  notices.forEach(age);
  notices.slice(0, -3).forEach((old) => old.remove());
}

document.addEventListener("htmx:after:swap", ageAll);
document.addEventListener("submit", (event) => {
  event.target.closest(".notice")?.classList.add("answered");
});
ageAll();

// The server could not be reached at all: say so instead of doing nothing.
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.response) return;
  const box = document.getElementById("notices");
  if (!box || box.querySelector("[data-offline]")) return;
  const notice = document.createElement("div");
  notice.className = "notice problem";
  notice.dataset.offline = "yes";
  notice.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = "Dateline does not answer. Is it running? Nothing was sent.";
  notice.append(text);
  box.append(notice);
  setTimeout(() => notice.remove(), NOTICE_MS);
});
