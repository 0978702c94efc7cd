// The switch in the bar: as the system → light → dark. theme.js reads what is kept here before the first paint.
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const NAMES = { auto: "as the system", light: "light", dark: "dark" };
const root = document.documentElement;

function show() {
  const theme = root.dataset.theme ?? "auto";
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.setAttribute("aria-label", `Theme: ${NAMES[theme]}`);
    button.title = `Theme: ${NAMES[theme]}`;
    button.querySelector("use").setAttribute("href", `/static/icons.svg#theme-${theme}`);
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const theme = NEXT[root.dataset.theme ?? "auto"];
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("dateline-theme");
    else localStorage.setItem("dateline-theme", theme);
  } catch { /* storage is switched off: the choice holds until the page is left */ }
  show();
});
document.addEventListener("htmx:after:swap", show);
show();
