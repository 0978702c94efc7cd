// Settings → appearance: what is chosen here is kept in this browser; theme.js and article.js read it before they paint.
const USUAL = { theme: "auto", "read-size": "m", "read-width": "normal", "read-face": "serif" };
const form = document.querySelector("[data-looks]");

function kept(name) {
  try {
    return localStorage.getItem(`dateline-${name}`) ?? USUAL[name];
  } catch {
    return USUAL[name];
  }
}

function tick() {
  for (const name of Object.keys(USUAL)) {
    for (const radio of form.elements[name]) radio.checked = radio.value === kept(name);
  }
}

form?.addEventListener("change", ({ target }) => {
  try {
    if (target.value === USUAL[target.name]) localStorage.removeItem(`dateline-${target.name}`);
    else localStorage.setItem(`dateline-${target.name}`, target.value);
  } catch {
    // storage is switched off: it holds for this page only
  }
  if (target.name !== "theme") return;
  if (target.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = target.value;
});

if (form) {
  tick();
  // the switch in the bar changes the theme too
  new MutationObserver(tick).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
