// The clip page: files can be dropped, the bookmarklet cannot be pressed here, commands can be copied.
const door = document.querySelector("[data-drop]");

if (door) {
  const input = door.querySelector("input[type=file]");
  const names = door.querySelector("[data-names]");
  const usual = names.textContent;
  const tell = () => {
    const files = [...input.files];
    names.textContent = files.length === 0 ? usual : files.length === 1 ? files[0].name : `${files.length} files: ${files.map((file) => file.name).join(", ")}`;
    door.classList.toggle("has-files", files.length > 0);
  };
  input.addEventListener("change", tell);
  let depth = 0;
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragenter", (event) => hasFiles(event) && (depth++, door.classList.add("over")));
  addEventListener("dragleave", (event) => hasFiles(event) && --depth <= 0 && door.classList.remove("over"));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    depth = 0;
    door.classList.remove("over");
    if (!hasFiles(event)) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    tell();
    door.scrollIntoView({ block: "nearest" });
    door.closest("form").querySelector("button").focus();
  });
  tell();
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-bookmarklet]")) {
    event.preventDefault(); // it works on other pages; here the policy would refuse it
    document.querySelector("[data-drag-me]").hidden = false;
  }
  if (event.target.closest("[data-close-window]")) window.close();
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const text = source.href?.startsWith("javascript:") ? source.href : source.textContent.trim();
  const said = button.querySelector("[data-said]");
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    said.textContent = "Selected: press Ctrl C";
  }
  setTimeout(() => (said.textContent = "Copy"), 3000);
});
