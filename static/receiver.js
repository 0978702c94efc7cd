// The window the bookmarklet opens: says "ready" to its opener, takes the page it sends, shows what came, and puts it
// into the form's file fields. Nothing is sent to the archive before the reader presses Save: any site could open this.
const form = document.getElementById("new");
const part = (name) => document.querySelector(`[data-new="${name}"]`);
const PATIENCE_MS = 6000; // the bookmarklet gives its pictures 4 s
const megabytes = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function state(name) {
  document.body.dataset.state = name;
  for (const each of document.querySelectorAll("[data-when]")) each.hidden = !each.dataset.when.split(" ").includes(name);
}

function refuse(text) {
  part("why").textContent = text;
  state("refused");
}

function isPage(told) {
  return told && told.dateline === "page" && typeof told.html === "string" && typeof told.url === "string" && typeof told.title === "string";
}

/** A page may speak for its own origin only. A page from the disk has none; it is kept without an address. */
function isItsOwn(url, origin) {
  if (origin === "null") return !/^https?:/.test(url);
  try {
    return new URL(url).origin === origin;
  } catch {
    return false;
  }
}

function outlet(url) {
  try {
    return new URL(url).hostname.replace(/^(www|m|amp)\./, "") || "this computer";
  } catch {
    return "this computer";
  }
}

/** What the page says of itself: its headline without the outlet's name, and its day. The archive looks closer later. */
function claims(told) {
  const page = new DOMParser().parseFromString(told.html, "text/html"); // inert: runs and loads nothing
  const meta = (name) => page.querySelector(`meta[property="${name}"], meta[name="${name}"]`)?.content.trim() ?? "";
  const moment = new Date(meta("article:published_time"));
  return { title: meta("og:title") || told.title.trim(), day: Number.isNaN(moment.getTime()) ? null : moment };
}

function fill(told) {
  const files = new DataTransfer();
  files.items.add(new File([told.html], "page.html", { type: "text/html" }));
  form.elements.page.files = files.files;
  const pictures = new DataTransfer();
  const addresses = document.createDocumentFragment();
  let bytes = files.files[0].size;
  for (const [number, picture] of (told.pictures ?? []).entries()) {
    if (!(picture?.bytes instanceof ArrayBuffer) || typeof picture.address !== "string") continue;
    pictures.items.add(new File([picture.bytes], `picture-${number}`, { type: String(picture.type) }));
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "resource_address", value: picture.address });
    addresses.append(field);
    bytes += picture.bytes.byteLength;
  }
  form.elements.resource.files = pictures.files;
  part("addresses").replaceChildren(addresses);
  form.elements.url.value = told.url;
  form.elements.clip_id.value = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  form.elements.selection.value = typeof told.selection === "string" ? told.selection : "";
  return { bytes, pictures: pictures.files.length };
}

function show(told) {
  const { bytes, pictures } = fill(told);
  const { title, day } = claims(told);
  const limit = Number(form.dataset.limit);
  form.elements.title.value = title;
  part("day").hidden = !day;
  part("day").textContent = day?.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" }) ?? "";
  part("outlet").textContent = outlet(told.url);
  part("size").textContent = `${megabytes(bytes)}, ${pictures === 1 ? "1 picture" : `${pictures} pictures`}`;
  part("selection").hidden = !form.elements.selection.value;
  const words = new DOMParser().parseFromString(form.elements.selection.value, "text/html").body.textContent.trim();
  part("selected").textContent = words.length > 160 ? `${words.slice(0, 160)} …` : words;
  if (bytes > limit) return refuse(`This page has ${megabytes(bytes)}, and the archive accepts ${megabytes(limit)}. Select the part you want to keep, and press the bookmarklet again.`);
  state("arrived");
  document.getElementById("save").focus();
}

let taken = false;
addEventListener("message", (event) => {
  if (!window.opener || event.source !== window.opener || taken) return;
  if (event.data?.dateline === "failed") return refuse("The page could not be read by the bookmarklet. Keep it by its address instead.");
  if (!isPage(event.data)) return;
  if (!isItsOwn(event.data.url, event.origin)) return refuse(`A page at ${event.origin} said that it was ${outlet(event.data.url)}. It was not taken.`);
  taken = true;
  show(event.data);
});

part("whole").addEventListener("click", () => {
  form.elements.selection.value = "";
  part("selection").hidden = true;
});
part("close")?.addEventListener("click", () => window.close());

state(window.opener ? "waiting" : "alone");
if (window.opener) {
  window.opener.postMessage("dateline:ready", "*"); // says nothing but that we are here
  setTimeout(() => document.body.dataset.state === "waiting" && state("alone"), PATIENCE_MS);
}
