// A field that completes regions or topics (<div data-tag-field>): up, down, Enter, Escape; a click takes a name.
// htmx brings the list; without this file it is a plain text field. A field that says data-many takes several names,
// parted by commas. A field whose names are whole queries is the search box: see templates/library/_search.html.

const field = (node) => node.closest?.("[data-tag-field]");
const input = (box) => box.querySelector("input");
const list = (box) => box.querySelector("[role=listbox]");
const options = (box) => [...list(box).querySelectorAll("[role=option]")];
const chosen = (box) => list(box).querySelector("[aria-selected=true]");

function choose(box, option) {
  for (const each of options(box)) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    input(box).setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input(box).removeAttribute("aria-activedescendant");
}

function close(box) {
  choose(box, null);
  list(box).hidden = true;
  input(box).setAttribute("aria-expanded", "false");
}

function take(box, option) {
  const name = option.dataset.name;
  const text = input(box);
  if ("many" in box.dataset) {
    const before = text.value.split(",").slice(0, -1).map((part) => part.trim());
    text.value = [...before, name.includes(",") ? name.replaceAll(",", " ") : name].join(", ") + ", ";
    close(box);
    text.focus();
    return;
  }
  text.value = name;
  close(box);
  text.form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  const box = field(event.target);
  if (!box || event.target !== input(box) || event.isComposing) return;
  const open = !list(box).hidden && options(box).length > 0;
  if (event.key === "Escape") {
    if (open) close(box);
    else input(box).blur();
    event.preventDefault();
    event.stopPropagation();
  } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const all = options(box);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = all.indexOf(chosen(box));
    choose(box, all[(at + step + (at < 0 && step < 0 ? 1 : 0) + all.length) % all.length]);
  } else if (open && (event.key === "Enter" || event.key === "Tab") && chosen(box)) {
    event.preventDefault();
    take(box, chosen(box));
  }
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-tag-field] [role=option]");
  if (!option) return;
  event.preventDefault(); // the field keeps the focus
  take(field(option), option);
});

document.addEventListener("focusout", (event) => {
  const box = field(event.target);
  if (box && !box.contains(event.relatedTarget)) close(box);
});

// What is sent needs no completion any more, not even one that is still on its way.
document.addEventListener("submit", (event) => {
  const box = field(event.target);
  if (!box) return;
  close(box);
  box.dataset.sent = input(box).value;
});

document.addEventListener("input", (event) => {
  const box = field(event.target);
  if (!box) return;
  delete box.dataset.sent;
  event.target.removeAttribute("aria-invalid");
  if (!event.target.value.split(",").pop().trim()) close(box);
});

document.addEventListener("htmx:after:swap", () => {
  for (const box of document.querySelectorAll("[data-tag-field]")) {
    const text = input(box);
    const late = document.activeElement !== text || !text.value.split(",").pop().trim() || box.dataset.sent === text.value;
    if (late) list(box).hidden = true; // the answer came after the reader had gone on
    text.setAttribute("aria-expanded", String(!list(box).hidden));
  }
});
