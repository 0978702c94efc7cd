// Speaks with the archive: one call, its limit in time, and every way it can go wrong put into words.
export const api = globalThis.browser ?? globalThis.chrome;
export const DEFAULT_SERVERS = ["http://127.0.0.1:8765", "http://localhost:8765"];
const ANSWER_MS = 15_000;
const CHOICES = { server: "", token: "", archive: "", saveOnOpen: true, markKept: false };

/** What went wrong, in words for the reader. `retry`: it may go well later without anybody's doing. */
export class Trouble extends Error {
  constructor(kind, text, retry = false) {
    super(text);
    Object.assign(this, { kind, retry });
  }
}

export const choices = async () => ({ ...CHOICES, ...(await api.storage.local.get(Object.keys(CHOICES))) });
export const choose = (changed) => api.storage.local.set(changed);
export const named = ({ kind, name, id }) => `${kind}:${id ?? name}`; // a tag, as the archive reads it: many places share a name
export const host = (server) => (URL.canParse?.(server) ? new URL(server).host : server);

/** An address as people type it, as an origin: this machine and bare numbers by http, everything else by https. */
export function origin(typed) {
  const bare = typed.trim().replace(/\s+/g, "<"); // Chromium would take blanks in a name
  const near = /^(localhost|[\d.]+|\[[\da-f:]+\]|[^./]+|[^/]+\.(localhost|local|lan|home|test))(:\d+)?(\/|$)/i.test(bare);
  const whole = /^https?:\/\//i.test(bare) ? bare : `${near ? "http" : "https"}://${bare}`;
  if (!URL.canParse(whole)) throw new Trouble("address", `“${typed}” is no web address. It looks like http://127.0.0.1:8765 or https://archive.example.`);
  return new URL(whole).origin;
}

/** The archive's answer as JSON. `as` is {server, token} where these are not the stored ones. Raises Trouble. */
export async function call(path, { method = "GET", json, body, type, wait_ms = ANSWER_MS, as } = {}) {
  const { server, token } = as ?? (await choices());
  if (!server) throw new Trouble("unconnected", "Dateline is not connected to an archive yet.", true);
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json || type) headers["Content-Type"] = json ? "application/json" : type;
  const sent = { method, headers, body: json ? JSON.stringify(json) : body, credentials: "omit", redirect: "manual", cache: "no-store" };
  try {
    const answer = await fetch(server + path, { ...sent, signal: AbortSignal.timeout(wait_ms) });
    return read(answer, await answer.text(), server);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    if (error.name === "TimeoutError") throw new Trouble("hangs", `The archive at ${host(server)} took longer than ${Math.round(wait_ms / 1000)} s to answer.`, true);
    throw new Trouble("away", `The archive at ${host(server)} does not answer. Is it running?`, true);
  }
}

function read(answer, text, server) {
  let told = null;
  try { told = JSON.parse(text || "{}"); } catch {}
  if (answer.ok && told && typeof told === "object") return told;
  const { status } = answer;
  const error = told?.error ?? {};
  const said = typeof error === "object" && typeof error.message === "string" ? error.message : "";
  const kind = error.kind ?? (typeof error === "string" ? error : "");
  if (answer.type === "opaqueredirect") throw new Trouble("garbage", `${host(server)} sends visitors to another address. Connect to that one.`, true);
  if (answer.ok || (!told && status < 500 && status !== 413)) throw new Trouble("garbage", `What answers at ${host(server)} is not a Dateline archive, or something stands between (a sign-in of the network?).`, true);
  if (status === 401) throw new Trouble("revoked", "The archive does not know this browser any more: it was disconnected there. Connect it again, and what waits here is sent.", true);
  if (status === 413) throw new Trouble("large", `This page is larger than the archive accepts. ${said} Select the part you want and keep that.`);
  if (status === 429 || (status >= 500 && kind !== "FetchFailed")) throw new Trouble("ill", `The archive has trouble (${status}). ${said || "Its log says more."}`, true);
  throw Object.assign(new Trouble("refused", said || `The archive refused it (${status}).`), { code: kind });
}

/** Whether a Dateline archive answers at `server`: without a token it must refuse, in its own words. Raises Trouble. */
export const greet = (server) => call("/api/v1/me", { as: { server }, wait_ms: 4000 }).catch((error) => {
  if (error.kind !== "revoked") throw error;
});
