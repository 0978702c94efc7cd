// The bookmarklet, readable. webapp/pages/bookmarklet.py makes one line of it: comments stand alone, statements end in ;
// It takes the page as it is shown now: the tree after scripts ran, open shadow roots laid flat, the sizes of pictures
// that were really loaded. It leaves out scripts (not structured data), what was typed into forms, and hidden frames.
(() => {
const archive = "https://archive.invalid";
const address = location.href.split("#")[0];
const w = open(archive + "/clip/new?address=" + encodeURIComponent(address), "dateline", "popup,width=500,height=740");
if (!w) {
alert("Dateline could not open its window. Allow pop-ups for this page, and press the bookmarklet again.");
return;
}
const inert = document.implementation.createHTMLDocument("");
const skip = /^(SCRIPT|TEMPLATE|IFRAME|FRAME|OBJECT|EMBED|LINK|SLOT)$/;
const linked = /^(canonical|alternate|amphtml|author|icon)$/i;
const copy = (node) => {
const name = node.nodeType === 1 ? node.nodeName.toUpperCase() : "";
if (name === "SLOT") {
const given = node.assignedNodes ? node.assignedNodes({ flatten: true }) : [];
const many = inert.createDocumentFragment();
for (const child of given.length ? given : node.childNodes) { const made = copy(child); if (made) many.append(made); }
return many;
}
if (name === "SCRIPT" && /ld\+json/i.test(node.type)) return inert.importNode(node, true);
if (name === "LINK" && linked.test(node.rel)) return inert.importNode(node, false);
if (skip.test(name) || node.nodeType === 8) return null;
if (node.nodeType !== 1) return node.nodeType === 3 ? inert.createTextNode(node.data) : null;
const made = inert.importNode(node, false);
if (/^(INPUT|OPTION)$/.test(name)) made.removeAttribute("value");
if (name === "TEXTAREA") return made;
if (name === "IMG" && (node.currentSrc || node.src)) {
made.setAttribute("src", node.currentSrc || node.src);
made.removeAttribute("srcset");
made.removeAttribute("loading");
if (node.naturalWidth > 1 && !made.hasAttribute("width")) {
made.setAttribute("width", node.naturalWidth);
made.setAttribute("height", node.naturalHeight);
}
}
for (const child of (node.shadowRoot || node).childNodes) {
const below = copy(child);
if (below) made.append(below);
}
return made;
};
const selected = () => {
const all = getSelection();
if (!all || all.isCollapsed || !all.rangeCount || all.toString().trim().length < 40) return "";
const chosen = inert.createElement("div");
for (let i = 0; i < all.rangeCount; i++) {
const part = inert.importNode(all.getRangeAt(i).cloneContents(), true);
part.querySelectorAll("script, input, textarea, template").forEach((each) => each.remove());
const box = inert.createElement(part.querySelector("p, div, li, td, h1, h2, h3, h4, blockquote, pre") ? "div" : "p");
box.append(part);
chosen.append(box);
}
return chosen.innerHTML;
};
const picture = async (image) => {
const from = image.currentSrc || image.src;
if (!/^https?:/.test(from)) return null;
let blob = null;
try {
const stop = new AbortController();
setTimeout(() => stop.abort(), 4000);
const answer = await fetch(from, { cache: "force-cache", credentials: "same-origin", signal: stop.signal });
if (answer.ok) blob = await answer.blob();
} catch (error) {
try {
const canvas = document.createElement("canvas");
canvas.width = image.naturalWidth;
canvas.height = image.naturalHeight;
canvas.getContext("2d").drawImage(image, 0, 0);
blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
} catch (tainted) {
return null;
}
}
return blob && blob.type.startsWith("image/") && blob.size < 8e6 ? { address: from, type: blob.type, bytes: await blob.arrayBuffer() } : null;
};
const pictures = async () => {
const seen = new Set();
const shown = [...document.images].filter((image) => {
const from = image.currentSrc || image.src;
const fresh = image.naturalWidth >= 160 && image.naturalHeight >= 100 && !seen.has(from);
seen.add(from);
return fresh;
});
return (await Promise.all(shown.slice(0, 40).map(picture))).filter(Boolean);
};
const send = async () => {
const page = { dateline: "page", url: address, title: document.title, selection: selected(), html: "<!doctype html>" + copy(document.documentElement).outerHTML, pictures: [] };
page.pictures = await pictures();
w.postMessage(page, archive);
};
const answer = (event) => {
if (event.source !== w || event.origin !== archive || event.data !== "dateline:ready") return;
send().catch((error) => w.postMessage({ dateline: "failed", url: address, why: String(error) }, archive));
};
addEventListener("message", answer);
setTimeout(() => removeEventListener("message", answer), 900000);
})();
