// Connecting to an archive by a code the reader confirms there (RFC 8628), and the few choices there are.
import { by, made, say, state, wrong } from "./page.js";
import { api, call, choices, choose, DEFAULT_SERVERS, greet, host, origin, Trouble } from "./server.js";

const LEAVE = { images: { origins: ["http://*/*", "https://*/*"] }, markKept: { permissions: ["tabs"] } };
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";
let turn = 0; // of connecting; a new one or Stop ends the one before

function browser() {
  const name = /Firefox/.test(navigator.userAgent) ? "Firefox" : navigator.userAgentData?.brands.map(({ brand }) => brand).find((brand) => /^(Microsoft Edge|Brave|Opera|Vivaldi|Google Chrome)$/.test(brand)) ?? "Chromium";
  const system = /Windows|Mac OS X|Android|CrOS|Linux/.exec(navigator.userAgent)?.[0].replace("Mac OS X", "a Mac") ?? "this computer";
  return `${name} on ${system}`;
}

async function show() {
  const { server, token, archive, ...chosen } = await choices();
  by("server").value ||= server;
  by("name").textContent = archive || host(server);
  by("where").textContent = server;
  by("saveOnOpen").checked = chosen.saveOnOpen;
  by("markKept").checked = chosen.markKept && (await api.permissions.contains(LEAVE.markKept));
  by("images").checked = await api.permissions.contains(LEAVE.images);
  state(token ? "connected" : "apart");
}

async function connect(typed) {
  const mine = ++turn;
  say("");
  try {
    const server = origin(typed || DEFAULT_SERVERS[0]);
    await greet(server);
    const json = { client_name: browser(), scopes: ["clip", "read", "write"] };
    const grant = await call("/api/v1/device/code", { method: "POST", json, as: { server } });
    by("code").textContent = grant.user_code;
    by("confirm").href = grant.verification_uri_complete ?? grant.verification_uri;
    state("asked");
    if (/^https?:/.test(by("confirm").href)) api.tabs.create({ url: by("confirm").href });
    const granted = await confirmed(server, grant, () => mine === turn);
    if (!granted || mine !== turn) return;
    await choose({ server, token: granted.access_token, archive: granted.archive_name ?? "" });
    await show();
    say("good", "Connected. Pages you keep go there from now on, and those that waited here are sent.");
  } catch (error) {
    if (mine !== turn) return;
    state("apart");
    wrong(error);
  }
}

/** Ask until the reader has answered; what the standard calls errors are steps on the way. Raises Trouble. */
async function confirmed(server, { device_code, interval = 5, expires_in = 600 }, wanted) {
  const end = Date.now() + expires_in * 1000;
  for (let wait_s = interval; wanted() && Date.now() < end;) {
    await new Promise((done) => setTimeout(done, wait_s * 1000));
    try {
      return await call("/api/v1/device/token", { method: "POST", json: { grant_type: GRANT, device_code }, as: { server } });
    } catch (error) {
      if (error.code === "slow_down") wait_s += 5;
      else if (error.code === "access_denied") throw new Trouble("denied", "The archive was told not to connect this browser.");
      else if (error.code !== "authorization_pending" && !error.retry) throw new Trouble("expired", "The code has run out. Press Connect for a new one.");
    }
  }
  throw new Trouble("expired", "Nobody confirmed the code in time. Press Connect for a new one.");
}

async function find() {
  const answered = await Promise.any(DEFAULT_SERVERS.map((server) => greet(server).then(() => server))).catch(() => "");
  if (!answered) return say("bad", "No archive answers at port 8765 of this computer. Start it (dateline serve), or type its address.");
  by("server").value = answered;
  return say("good", `There is an archive at ${host(answered)}. Press Connect.`);
}

async function leave() {
  await choose({ token: "", archive: "" });
  await show();
  say("good", "Disconnected. What you keep waits here until you connect again. To end this browser's leave for good, revoke it in the archive under Settings → Devices.");
}

async function ask(id, checked) {
  const done = checked ? await api.permissions.request(LEAVE[id]) : await api.permissions.remove(LEAVE[id]);
  if (id === "markKept") await choose({ markKept: checked && done });
  await show();
}

async function keys() {
  const commands = (await api.commands.getAll()).filter(({ description, name }) => description && name);
  by("keys").replaceChildren(...commands.flatMap(({ description, shortcut }) => [made("dt", {}, made("kbd", { textContent: shortcut || "none yet" })), made("dd", { textContent: description })]));
  by("keys-where").textContent = /Firefox/.test(navigator.userAgent) ? "Change them in Firefox under Add-ons → the cog → Manage Extension Shortcuts." : "Change them at chrome://extensions/shortcuts.";
}

by("connecting").addEventListener("submit", (event) => { event.preventDefault(); connect(by("server").value.trim()); });
by("find").addEventListener("click", find);
by("leave").addEventListener("click", leave);
by("stop").addEventListener("click", () => { turn++; show(); });
by("saveOnOpen").addEventListener("change", ({ target }) => choose({ saveOnOpen: target.checked }));
for (const id of Object.keys(LEAVE)) by(id).addEventListener("change", ({ target }) => ask(id, target.checked).catch(wrong));
show();
keys();
