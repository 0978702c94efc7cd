// Before the first paint: the theme the reader chose, so that the page does not flash. Blocking on purpose, and tiny.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("dateline-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (error) {
    // storage is switched off: the system's theme serves
  }
})();
