// Clips on their way. Each is on this machine's disk before anything is sent, and leaves only when the archive has said
// that it is durable there (202 with the clip's own id). Browser and archive may stop and start in between.
import { api, call, Trouble } from "./server.js";

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
  try {
    return await new Promise((done, failed) => {
      const work = open.transaction(STORES, mode, { durability: "strict" });
      const asked = act(...STORES.map((name) => work.objectStore(name)));
      work.oncomplete = () => done(asked?.result);
      work.onabort = work.onerror = () => failed(work.error ?? asked?.error);
    });
  } finally {
    open.close();
  }
}

export const all = () => within("readonly", (clips) => clips.getAll());
export const get = (clip_id) => within("readonly", (clips) => clips.get(clip_id));
const put = (clip) => within("readwrite", (clips) => clips.put(clip));
const drop = (clip_id) => within("readwrite", (clips, parts) => { clips.delete(clip_id); parts.delete(clip_id); });

/** Raises Trouble "full" when the browser has no room: the caller still holds the clip, and may send it at once. */
export async function add({ page, pictures, ...clip }) {
  try {
    await within("readwrite", (clips, parts) => {
      if (page) parts.put({ clip_id: clip.clip_id, page, pictures });
      clips.put({ ...clip, state: "waiting", reason: "", tries: 0, next_at: 0 });
    });
  } catch (error) {
    throw new Trouble("full", `The browser has no room left to keep this page until it is sent (${error?.name ?? "unknown"}).`);
  }
  await api.alarms.create("send", { periodInMinutes: 0.5 }); // whatever becomes of this process
  told(clip.clip_id);
}

export const remove = (id) => drop(id).then(() => told(id));

/** Change what goes along with a clip; false when it is not here any more, or on its way this moment. */
export async function amend(id, change) {
  const clip = await get(id);
  if (!clip || clip.state === "sending") return false;
  await put({ ...clip, ...change, tags: [...new Set([...clip.tags, ...(change.tags ?? [])])] });
  told(id);
  return true;
}

export const recent = async () => (await api.storage.local.get("recent")).recent ?? [];
const remember = async ({ clip_id, url }) => api.storage.local.set({ recent: [{ clip_id, url, at: Date.now() }, ...(await recent()).filter((each) => each.url !== url)].slice(0, RECENT) });
export const forget = async (clip_id) => api.storage.local.set({ recent: (await recent()).filter((each) => each.clip_id !== clip_id) });

function multipart(clip) {
  const cut = `dateline-${crypto.randomUUID()}`;
  const head = (name, type, location) => `--${cut}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n` +
    `Content-Type: ${type}\r\n${location ? `Content-Location: ${location}\r\n` : ""}\r\n`;
  const { url, clip_id, title, selection, tags, note, clipped_at } = clip;
  const parts = [head("meta", "application/json"), JSON.stringify({ url, clip_id, title, selection, tags, note, clipped_at }), "\r\n"];
  parts.push(head("page", "text/html; charset=utf-8"), clip.page, "\r\n");
  for (const { address, blob } of clip.pictures) parts.push(head("resource", blob.type, address), blob, "\r\n");
  return { body: new Blob([...parts, `--${cut}--\r\n`]), type: `multipart/form-data; boundary=${cut}` };
}

/** Hand one clip over. Returns the archive's receipt; raises Trouble. */
export async function send(clip) {
  const link = { fetch: true, url: clip.url, clip_id: clip.clip_id, title: clip.title, tags: clip.tags, note: clip.note, clipped_at: clip.clipped_at };
  const form = clip.page ? multipart(clip) : { json: link };
  const wait_ms = 60_000 + ((form.body?.size ?? 0) / SLOWEST_BYTES_S) * 1000;
  const awake = setInterval(() => api.runtime.getPlatformInfo(), 20_000); // Chromium ends an idle worker after 30 s
  try {
    const answer = await call("/api/v1/clips", { method: "POST", wait_ms, ...form });
    if (answer.clip_id !== clip.clip_id) throw new Trouble("garbage", "The answer does not name this clip. It is kept here and sent again.", true);
    await remember(clip);
    return answer;
  } finally {
    clearInterval(awake);
  }
}

/** The reader's own headline is laid over the page's, once there is an article; a device that may not write leaves it. */
export async function headline({ clip_id, title }) {
  const { article } = await call(`/api/v1/clips/${clip_id}/receipt?wait=10`, { wait_ms: 15_000 });
  if (article) await call(`/api/v1/articles/${article.id}`, { method: "PATCH", json: { title } }).catch((error) => { if (error.retry) throw error; });
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
  const clips = (await all()).sort((one, other) => (one.clipped_at < other.clipped_at ? -1 : 1));
  for (const { clip_id } of clips) {
    const clip = await get(clip_id);
    if (!clip || (clip.state === "failed") || (!now && clip.next_at > Date.now())) continue;
    await put({ ...clip, state: "sending" });
    told(clip_id);
    try {
      await send({ ...clip, ...(await within("readonly", (_, parts) => parts.get(clip_id))) });
      if (clip.edited) await headline(clip);
      await drop(clip_id);
    } catch (error) {
      const pause_s = PAUSES_S[Math.min(clip.tries, PAUSES_S.length - 1)];
      const state = error.retry ?? true ? "waiting" : "failed";
      await put({ ...clip, state, reason: error.message, kind: error.kind ?? "unknown", tries: clip.tries + 1, next_at: Date.now() + pause_s * 1000 });
      setTimeout(() => drain(), pause_s * 1000 + 50); // the alarm does it when this process has ended by then
      if (["away", "hangs", "revoked", "unconnected"].includes(error.kind)) return told(clip_id); // so it is for all of them
    }
    told(clip_id);
  }
  if (!(await all()).some((clip) => clip.state !== "failed")) await api.alarms.clear("send");
}

/** Try a clip that was refused once more. */
export async function retry(id) {
  await put({ ...(await get(id)), state: "waiting", next_at: 0 });
  return drain({ now: true });
}
