// The reading view: how the text is set, where you stopped, a note that grows. Loaded before the first paint, so that
// the chosen size does not jump; everything is listened for on the document, so that swapped parts need no binding.
(function () {
  "use strict";
  var SETTINGS = { size: ["s", "m", "l", "xl"], width: ["narrow", "normal", "wide"], face: ["serif", "sans"] };
  var USUAL = { size: "m", width: "normal", face: "serif" };
  var root = document.documentElement;

  function kept(name) {
    try {
      return localStorage.getItem(name);
    } catch (error) {
      return null;
    }
  }
  function keep(name, value) {
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch (error) {
      // storage is switched off: it holds for this page only
    }
  }
  function apply(name, value) {
    root.dataset["read" + name[0].toUpperCase() + name.slice(1)] = value;
  }

  Object.keys(SETTINGS).forEach(function (name) {
    var value = kept("dateline-read-" + name);
    apply(name, SETTINGS[name].includes(value) ? value : USUAL[name]);
  });

  function tick() {
    document.querySelectorAll("[data-reading]").forEach(function (radio) {
      var name = radio.dataset.reading;
      radio.checked = root.dataset["read" + name[0].toUpperCase() + name.slice(1)] === radio.value;
    });
    document.querySelectorAll("[data-grows]").forEach(grow);
  }
  function grow(area) {
    area.style.height = "auto"; // set by script: the policy forbids style attributes, not the style object
    area.style.height = Math.max(area.scrollHeight + 2, 72) + "px";
  }

  // ---- where you stopped
  function place() {
    var story = document.querySelector("[data-article]");
    return story && "dateline-place-" + story.dataset.article + "-" + story.dataset.version;
  }
  function progress() {
    var words = document.getElementById("words");
    if (!words) return 0;
    var box = words.getBoundingClientRect();
    return box.height ? (innerHeight * 0.4 - box.top) / box.height : 0;
  }
  var waiting;
  addEventListener(
    "scroll",
    function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () {
        var name = place();
        var share = progress();
        if (name) keep(name, share > 0.08 && share < 0.95 ? share.toFixed(4) : null);
      }, 400);
    },
    { passive: true }
  );
  function offer() {
    var share = parseFloat(kept(place() || "") || "");
    var words = document.getElementById("words");
    if (!share || !words || location.hash || words.offsetHeight < innerHeight || scrollY > 40) return;
    var button = document.createElement("button");
    button.className = "resume go";
    button.type = "button";
    button.textContent = "Go on where you stopped";
    button.addEventListener("click", function () {
      var calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      var top = words.getBoundingClientRect().top + scrollY + words.offsetHeight * share - innerHeight * 0.4;
      scrollTo({ top: top, behavior: calm ? "auto" : "smooth" });
      button.remove();
    });
    document.getElementById("main").append(button);
    addEventListener("scroll", function () { if (scrollY > 200) button.remove(); }, { passive: true });
  }

  document.addEventListener("DOMContentLoaded", function () {
    tick();
    offer();
  });
  document.addEventListener("htmx:after:swap", tick);
  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-grows]")) {
      grow(event.target);
      var state = document.getElementById("note-state");
      if (state) state.textContent = "";
    }
  });
  document.addEventListener("change", function (event) {
    var name = event.target.dataset && event.target.dataset.reading;
    if (!name) return;
    apply(name, event.target.value);
    keep("dateline-read-" + name, event.target.value);
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.settings[open]").forEach(function (open) {
      if (!open.contains(event.target)) open.open = false;
    });
    var off = event.target.closest && event.target.closest("[data-refocus]");
    if (off) refocus = off.dataset.refocus;
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.settings[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  // a tag that was taken off takes the focus with it: give it to the field below
  var refocus = "";
  document.addEventListener("htmx:after:swap", function () {
    var there = refocus && document.getElementById(refocus);
    if (there && document.activeElement === document.body) there.focus({ preventScroll: true });
    refocus = "";
  });
})();
