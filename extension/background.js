// What the popup, the menus and the key ask for: read a tab, put what was read into the queue, say how it goes.
import { pictures as picturesInside } from "./mhtml.js";
import * as queue from "./queue.js";
import { api, call, choices, Trouble } from "./server.js";

const SEND_BYTES = 45_000_000; // the archive takes 50 MB unless it was set otherwise; the rest is left out and said
const PICTURES = 300;
const MHTML_BYTES = 20_000_000; // of mark-up: Chromium writes a web archive in one go, 0.6 s for 14 MB (benchmarks/capture.py)
const PATIENCE_MS = 20_000; // with a page that does not answer
const colours = { kept: "#2c6a45", failed: "#9a2c1f", busy: "#645f56" };

const tell = (message) => api.runtime.sendMessage(message).catch(() => {}); // nobody may be listening
queue.onChange((clip_id) => { tell({ event: "queue", clip_id }); count(); });

const quiet = (promise) => Promise.resolve(promise).catch(() => {}); // a tab may be gone by now

function badge(tabId, text, kind, title = "") {
  quiet(api.action.setBadgeText({ tabId, text }));
  quiet(api.action.setBadgeBackgroundColor({ tabId, color: colours[kind] }));
  if (title) quiet(api.action.setTitle({ tabId, title }));
}

/** The number on the button in all tabs: clips that wait here. */
const count = async () => api.action.setBadgeText({ text: String((await queue.all()).length || "") });

function unreadable(tab, error = null) {
  const url = tab.url ?? "";
  if (/\.pdf($|[?#])/i.test(url) || error === "application/pdf") return "This is a PDF. Dateline keeps web pages; save the file, or keep the page that leads to it.";
  if (/^view-source:/i.test(url)) return "This is a page's source. Close the view and keep the page itself.";
  if (/^file:/i.test(url)) return "This file can only be read when “Allow access to file URLs” is switched on for Dateline. Or hand the file in on the archive's Clip page.";
  if (!/^(https?|blob|data):/i.test(url)) return "This page belongs to the browser (one of its own, a page's source, its shop, another extension): no extension may read it. If it is an article, open it in a new tab and keep it there.";
  return `The browser does not let Dateline read this page (${error}).`;
}

async function inPage(tab, name, ...args) {
  const func = (method, given) => globalThis.datelineCapture?.[method](...given);
  const late = new Promise((_, failed) => setTimeout(() => failed(new Trouble("stuck", "The page is busy and does not answer. Wait until it has loaded, and try again.")), PATIENCE_MS));
  const asked = api.scripting.executeScript({ target: { tabId: tab.id }, func, args: [name, args] });
  const [{ result } = {}] = await Promise.race([asked, late]);
  if (result === undefined || result === null) throw gone();
  return result;
}

const gone = () => new Trouble("changed", "The page went on to another address while it was read. Nothing of it was kept: open it again, and keep it then.");

async function enter(tab) {
  const refused = (error) => { throw new Trouble("unreadable", unreadable(tab, error?.message)); };
  if (!/^(https?|file|blob|data):/i.test(tab.url ?? "")) refused(); // no address, no leave; asking may hang then (Chromium 156)
  await api.scripting.executeScript({ target: { tabId: tab.id }, files: ["capture.js"] }).catch(refused);
}

/** What a tab shows, as far as a glance tells. Raises Trouble. */
async function look(tab) {
  await enter(tab);
  const facts = await inPage(tab, "look");
  if (!/html|xml|text\/plain/.test(facts.type)) throw new Trouble("unreadable", unreadable(tab, facts.type));
  return facts;
}

/** Read a tab whole. Resolves to a clip that is not yet in the queue. */
async function readTab(tab, { selection = true } = {}) {
  await look(tab);
  const facts = await inPage(tab, "begin", { selection });
  const parts = { page: ["<!doctype html>\n"], selection: [] };
  for (let step = { done: false }; !step.done;) {
    step = await inPage(tab, "next").catch((error) => { throw error instanceof Trouble ? error : gone(); });
    if (step.changed) throw gone();
    const pieces = parts[step.name];
    if (step.wrap && pieces.at(-1) !== "") pieces.push(`<${step.wrap}>`);
    pieces.push(step.html, ...(step.wrap ? [step.ended ? `</${step.wrap}>\n` : ""] : []));
    tell({ event: "reading", tabId: tab.id, share: step.share });
  }
  const page = new Blob(parts.page, { type: "text/html;charset=utf-8" });
  const wanted = await inPage(tab, "end");
  return { url: facts.url, title: facts.title, selection: parts.selection.join(""), page, pictures: await pictures(tab, wanted, page.size) };
}

async function pictures(tab, wanted, size) {
  const all = wanted.slice(0, PICTURES);
  const inside = all.length && size < MHTML_BYTES ? await webArchive(tab, new Set(all.map((each) => each.inside))) : new Map();
  const fetches = await api.permissions.contains({ origins: ["http://*/*", "https://*/*"] });
  const found = [];
  let room = SEND_BYTES - size;
  for (let at = 0; at < all.length; at += 8) {
    const some = all.slice(at, at + 8);
    const blobs = await Promise.all(some.map(async ({ address, inside: name }) => inside.get(name) ?? (await shown(tab, address)) ?? (fetches ? fetched(address) : null)));
    for (const [number, blob] of blobs.entries()) {
      if (!blob || blob.size > room) continue;
      room -= blob.size;
      found.push({ address: some[number].address, blob });
    }
  }
  return found;
}

/** Chromium only: what the browser itself would save, pictures of other sites included. */
async function webArchive(tab, wanted) {
  for (let tries = 0; api.pageCapture && tries < 3; tries++) {
    const bytes = await api.pageCapture.saveAsMHTML({ tabId: tab.id }).then((mhtml) => mhtml.arrayBuffer()).catch(() => null);
    if (bytes) return picturesInside(new TextDecoder("latin1").decode(bytes), wanted);
    // Chromium 156: one in about fifteen cannot be read ("NotFoundError"), the next one can
  }
  return new Map();
}

async function shown(tab, address) {
  const text = await inPage(tab, "read", address).catch(() => "");
  const [, type, base64] = /^data:([^;,]+)[^,]*;base64,(.*)$/s.exec(text) ?? [];
  return base64 ? new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type }) : null;
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "include", signal: AbortSignal.timeout(8000) }).catch(() => null);
  const blob = answer?.ok ? await answer.blob().catch(() => null) : null;
  return blob?.type.startsWith("image/") ? blob : null;
}

/** On disk first, then on its way. Where the disk is full it is sent at once instead. */
async function queued(entry) {
  await queue.add(entry).catch((full) => queue.send(entry).catch((error) => {
    throw new Trouble("full", `${full.message} And it could not be sent at once: ${error.message} Make room, and ${entry.of ? "write it again" : "keep it again: the page is still open"}.`);
  }));
  queue.drain();
}

/** Words of the reader for a clip, whether it waits here or is in the archive: the last ones about a thing hold. */
const amend = ({ of, about, ...deed }) => queued({ clip_id: `${of} ${about} ${deed.tag?.id ?? ""}`, of, about, ...deed, clipped_at: new Date().toISOString() });

async function keep(made, { title = "", ...told } = {}) {
  const clip = { note: "", tags: [], ...made, ...told, title: title || made.title, clip_id: crypto.randomUUID(), clipped_at: new Date().toISOString() };
  await queued(clip);
  if (title) await amend({ of: clip.clip_id, about: "headline", title, url: clip.url, method: "PATCH", path: "", json: { title } });
  return { clip_id: clip.clip_id, title: clip.title, url: clip.url };
}

/** Do it, and show on the tab's button how it went. */
async function shownOn(tab, act) {
  badge(tab.id, "…", "busy");
  try {
    const kept = await act();
    badge(tab.id, "✓", "kept", `Kept: ${kept.title || kept.url}`);
    return kept;
  } catch (error) {
    badge(tab.id, "!", "failed", error.message);
    throw error;
  }
}

const clip = (tab, { selection = true, ...told } = {}) => shownOn(tab, async () => keep(await readTab(tab, { selection }), told));

/** The archive fetches it: nobody reads a page here that is not open. */
const clipLink = (url, title) => keep({ url, title: title ?? "", selection: "" });

async function clipPicture(tab, address) {
  await enter(tab);
  const { html, title } = await inPage(tab, "figure", address);
  return keep({ url: address, title, selection: "", page: new Blob([html]), pictures: await pictures(tab, await inPage(tab, "end"), html.length) });
}

/** All tabs of a window, one after the other; those that cannot be read are named with the reason. */
async function clipTabs(windowId) {
  const tabs = await api.tabs.query({ windowId });
  const failed = [];
  for (const [number, tab] of tabs.entries()) {
    tell({ event: "tabs", done: number, of: tabs.length });
    await clip(tab, { selection: false }).catch((error) => failed.push({ title: tab.title ?? tab.url ?? "A tab", text: error.message }));
  }
  return { kept: tabs.length - failed.length, failed };
}

/** The mark on the button of a tab whose page the archive has: seen when Dateline is used there, or in all tabs if chosen. */
async function markKept(tab) {
  if (!/^https?:/.test(tab.url ?? "")) return null;
  const found = await call(`/api/v1/kept?url=${encodeURIComponent(tab.url.split("#")[0])}`, { wait_ms: 2500 });
  if (found.kept) badge(tab.id, "✓", "kept", `Kept on ${new Date(found.clipped_at).toLocaleDateString()}`);
  return found;
}

api.tabs.onUpdated.addListener(async (_, changed, tab) => {
  if (changed.status === "complete" && tab.url && (await choices()).markKept) quiet(markKept(tab));
});

const asked = {
  look, clip, markKept,
  tabs: (_, { windowId }) => clipTabs(windowId),
  amend: (_, told) => amend(told),
  retry: (_, { clip_id }) => queue.retry(clip_id),
  remove: (_, { clip_id }) => queue.remove(clip_id),
  drain: () => queue.drain({ now: true }),
};
api.runtime.onMessage.addListener(({ ask, tab, ...told }, _, answer) => {
  if (!asked[ask]) return false;
  const refused = (error) => answer({ trouble: { kind: error.kind ?? "unknown", text: error.message } });
  Promise.resolve(asked[ask](tab, told)).then((value) => answer({ value: value ?? null }), refused);
  return true; // the answer comes later: understood by both browsers
});

const MENUS = { page: "Keep this page", selection: "Keep the selection", link: "Keep the page behind this link", image: "Keep this picture" };
api.runtime.onInstalled.addListener(async () => {
  await api.contextMenus.removeAll();
  for (const [id, title] of Object.entries(MENUS)) api.contextMenus.create({ id, title: `${title} in Dateline`, contexts: [id] });
});
api.contextMenus.onClicked.addListener(({ menuItemId, linkUrl, linkText, srcUrl }, tab) => {
  if (menuItemId === "link") return quiet(shownOn(tab, () => clipLink(linkUrl, linkText)));
  return quiet(menuItemId === "image" ? shownOn(tab, () => clipPicture(tab, srcUrl)) : clip(tab, { selection: menuItemId === "selection" }));
});
api.commands.onCommand.addListener((name, tab) => { if (name === "clip-page" && tab) quiet(clip(tab)); });
api.alarms.onAlarm.addListener(() => queue.drain());
api.runtime.onStartup.addListener(() => queue.drain({ now: true }));
api.storage.onChanged.addListener((changed) => { if (changed.token?.newValue) queue.drain({ now: true }); });
queue.drain();
count();
