// Clips on their way, and what the reader says of them later (a tag, a note, a headline: entries with `of`, their clip).
// Each is on this machine's disk before anything is sent, and leaves only when the archive has said that it is durable
// there (202 with the clip's own id). Browser and archive may stop and start in between.
import { api, call, named, Trouble } from "./server.js";

const PAUSES_S = [5, 15, 30, 60, 120, 300, 600]; // taste; the last one repeats
const SLOWEST_BYTES_S = 50_000; // an upload on a bad line; it is given so long
const RECENT = 40;
const STORES = ["clips", "parts"]; // how each stands, and its bytes: these are written once (Firefox 153 loses rewritten blobs)
let told = () => {}, sending = null, again = null;

export const onChange = (listener) => { told = listener; };

const database = () => new Promise((done, failed) => {
  const asked = indexedDB.open("dateline", 1);
  asked.onupgradeneeded = () => STORES.forEach((name) => asked.result.createObjectStore(name, { keyPath: "clip_id" }));
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

/** One transaction; resolves when it is on disk ("strict": flushed, not only handed to the system). */
async function within(mode, act) {
  const open = await database();
  return new Promise((done, failed) => {
    const work = open.transaction(STORES, mode, { durability: "strict" });
    const asked = act(...STORES.map((name) => work.objectStore(name)));
    work.oncomplete = () => done(asked?.result);
    work.onabort = work.onerror = ({ target }) => failed(target.error);
  }).finally(() => open.close());
}

const turn = ({ clipped_at, of }) => clipped_at + (of ? 1 : 0);
export const all = async () => (await within("readonly", (clips) => clips.getAll())).sort((one, other) => (turn(one) < turn(other) ? -1 : 1)); // oldest first
export const get = (clip_id) => within("readonly", (clips) => clips.get(clip_id));

/** Change how an entry stands (null: it leaves), unless it was replaced or thrown away meanwhile. */
const settle = (entry, change) => within("readwrite", (clips, parts) => {
  const asked = clips.get(entry.clip_id);
  asked.onsuccess = () => {
    if (asked.result?.clipped_at !== entry.clipped_at) return;
    if (change) clips.put({ ...asked.result, ...change });
    else [clips, parts].forEach((store) => store.delete(entry.clip_id));
  };
});
/** A disk without room for a remark must not keep here what could go. */
const remark = (entry, change) => settle(entry, change).catch(() => {});

/** Put it where another one of the same id waits, if one does. Raises Trouble "full" when the browser has no room. */
export async function add({ page, pictures, ...clip }) {
  await within("readwrite", (clips, parts) => {
    if (page) parts.put({ clip_id: clip.clip_id, page, pictures });
    clips.put({ ...clip, state: "waiting", reason: "", tries: 0, next_at: 0 });
  }).catch((error) => { throw new Trouble("full", `The browser has no room left to keep this until it is sent (${error?.name ?? "unknown"}).`); });
  await api.alarms.create("send", { periodInMinutes: 0.5 }); // whatever becomes of this process
  told(clip.clip_id);
}

/** Throw a clip away with all that was said of it later; the page counts as not kept. */
export async function remove(id) {
  const gone = (await all()).filter(({ clip_id, of }) => clip_id === id || of === id);
  await within("readwrite", (...stores) => gone.forEach(({ clip_id }) => stores.forEach((store) => { store.delete(clip_id); })));
  await api.storage.local.set({ recent: (await recent()).filter((each) => each.clip_id !== id) });
  told(id);
}

export const recent = async () => (await api.storage.local.get("recent")).recent ?? [];
const remember = async ({ clip_id, url }) => api.storage.local.set({ recent: [{ clip_id, url, at: Date.now() }, ...(await recent()).filter((each) => each.url !== url)].slice(0, RECENT) });

function multipart(clip) {
  const cut = `dateline-${crypto.randomUUID()}`;
  const head = (name, type, location) => `--${cut}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n` +
    `Content-Type: ${type}\r\n${location ? `Content-Location: ${location}\r\n` : ""}\r\n`;
  const { url, clip_id, title, selection, tags, note, clipped_at } = clip;
  const parts = [head("meta", "application/json"), JSON.stringify({ url, clip_id, title, selection, tags: tags.map(named), note, clipped_at }), "\r\n"];
  parts.push(head("page", "text/html; charset=utf-8"), clip.page, "\r\n");
  for (const { address, blob } of clip.pictures) parts.push(head("resource", blob.type, address), blob, "\r\n");
  return { body: new Blob([...parts, `--${cut}--\r\n`]), type: `multipart/form-data; boundary=${cut}` };
}

/** Hand one entry over. Raises Trouble. */
export function send(entry) {
  const awake = setInterval(() => api.runtime.getPlatformInfo(), 20_000); // Chromium ends an idle worker after 30 s
  return (entry.of ? say : hand)(entry).finally(() => clearInterval(awake));
}

const about = (clip_id, answer) => { if (answer.clip_id !== clip_id) throw new Trouble("garbage", "The answer does not name this clip. It is kept here and sent again.", true); return answer; };

async function hand(clip) {
  const { url, clip_id, title, note, clipped_at } = clip;
  const form = clip.page ? multipart(clip) : { json: { fetch: true, url, clip_id, title, tags: clip.tags.map(named), note, clipped_at } };
  const wait_ms = 60_000 + ((form.body?.size ?? 0) / SLOWEST_BYTES_S) * 1000;
  about(clip_id, await call("/api/v1/clips", { method: "POST", wait_ms, ...form }));
  await remember(clip);
}

/** Once there is an article; said twice it is the same. What is to be taken off may be gone already. */
async function say({ of, method, path, json }) {
  const { state, article_id } = about(of, await call(`/api/v1/clips/${of}/receipt?wait=10`, { wait_ms: 15_000 }));
  if (state === "received") throw new Trouble("early", "The archive is still at work on this page.", true);
  await call(`/api/v1/articles/${article_id}${path}`, { method, json }).catch((error) => { if (method !== "DELETE" || error.code !== "NotFound") throw error; });
}

/** Send what waits, oldest first; one such run at a time. `now`: do not wait for the pauses to pass. */
export function drain({ now = false } = {}) {
  if (sending) again = { now: now || again?.now };
  sending ??= run(now).finally(() => {
    const next = again;
    sending = again = null;
    if (next) drain(next);
  });
  return sending;
}

async function run(now) {
  for (const { clip_id, of } of await all()) {
    const clip = await get(clip_id);
    if (!clip || (clip.state === "failed") || (!now && clip.next_at > Date.now()) || (of && (await get(of)))) continue;
    await remark(clip, { state: "sending" });
    told(clip_id);
    try {
      await send({ ...clip, ...(await within("readonly", (_, parts) => parts.get(clip_id))) });
      await settle(clip, null);
    } catch (error) {
      const pause_s = PAUSES_S[Math.min(clip.tries, PAUSES_S.length - 1)];
      const state = error.retry ?? true ? "waiting" : "failed";
      await remark(clip, { state, reason: error.message, kind: error.kind ?? "unknown", tries: clip.tries + 1, next_at: Date.now() + pause_s * 1000 });
      setTimeout(() => drain(), pause_s * 1000 + 50); // the alarm does it when this process has ended by then
      if (["away", "hangs", "revoked", "unconnected"].includes(error.kind)) return told(clip_id); // so it is for all of them
    }
    told(clip_id);
  }
  if (!(await all()).some((clip) => clip.state !== "failed")) await api.alarms.clear("send");
}

/** Try one that was refused once more. */
export const retry = (id) => get(id).then((entry) => remark(entry, { state: "waiting", next_at: 0 })).then(() => drain({ now: true }));
