// One glance, one click: what this page is, that it is kept, what was kept of it, and what it is filed under.
import { by, completes, icon, made, mark, say, state, wrong } from "./page.js";
import * as queue from "./queue.js";
import { api, call, choices, named } from "./server.js";

const LATELY_MS = 10 * 60_000; // so long the popup shows what came of the last click instead of keeping the page again
const JOT_MS = 700; // after the last letter the note is put on its way; taste
const ALL_SITES = { origins: ["http://*/*", "https://*/*"] };
const pinned = Number(new URLSearchParams(location.search).get("tab")); // opened as a page, about another tab
let tab, facts, settings, clip_id, article, turn = 0, later = [], noted = "", jotting; // later: what the reader said since it was kept
const mine = new Map(); // the reader's own tags

async function ask(what, told = {}) {
  const answer = await api.runtime.sendMessage({ ask: what, tab: tab && { id: tab.id, url: tab.url, title: tab.title, windowId: tab.windowId }, ...told });
  if (answer?.trouble) throw Object.assign(new Error(answer.trouble.text), answer.trouble);
  return answer?.value;
}

const trouble = (error, to = "unreadable") => { state(to, ...(error.kind === "revoked" ? ["revoked"] : [])); wrong(error); };

const many = (count, one, more = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : more}`;
const date = (text) => new Date(text).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
const outlet = (url) => (URL.canParse(url) ? new URL(url).hostname.replace(/^(www|m|amp)\./, "") : "") || "this computer";

function fill() {
  document.querySelector(".page").hidden = false;
  by("outlet").textContent = outlet(facts.url);
  by("day").textContent = facts.day ? date(facts.day) : "";
  by("title").value = facts.title;
  by("selection").hidden = !facts.selection;
  by("selection").querySelector("blockquote").textContent = facts.selection;
  by("lead").onload = () => { by("lead").hidden = by("lead").naturalWidth < 100; };
  if (/^(https?|data):/.test(facts.image)) by("lead").src = facts.image;
  [by("title"), by("note")].forEach(grow);
}

async function start() {
  settings = await choices();
  [tab] = pinned ? [await api.tabs.get(pinned)] : await api.tabs.query({ active: true, currentWindow: true });
  by("archive").href = settings.server || "options.html";
  showQueue();
  if (!settings.server) return state("unconnected"), say("", "Dateline keeps the pages you read in an archive of your own. Connect this browser to it once.");
  ask("drain");
  facts = await ask("look"); // what cannot be read is said at the very end of this file
  fill();
  const waiting = (await queue.all()).find(({ url, of }) => url === facts.url && !of);
  const lately = (await queue.recent()).find(({ url, at }) => url === facts.url && Date.now() - at < LATELY_MS);
  clip_id = (waiting ?? lately)?.clip_id;
  later = (await queue.all()).filter(({ of }) => of && of === clip_id);
  if (clip_id) return follow();
  const before = await ask("markKept").catch(() => null);
  if (before?.kept) return already(before);
  state("ready");
  if (settings.saveOnOpen) return keep();
  by("keep").focus();
}

function already({ clipped_at, versions, url }) {
  state("already");
  by("open").href = settings.server + url;
  say("good", `Kept on ${date(clipped_at)}`, versions > 1 ? `, in ${versions} versions.` : ". Keeping it again adds a version.");
  by("again").focus();
}

async function keep() {
  state("reading");
  say("", "Reading the page …");
  const typed = by("title").value.trim(), note = by("note").value.trim(), title = typed === facts.title ? "" : typed;
  const tags = [...mine.values()];
  later = title ? [{ json: { title } }] : [];
  noted = note;
  try {
    ({ clip_id } = await ask("clip", { title, tags, note, selection: Boolean(facts.selection) }));
  } catch (error) {
    return trouble(error, error.kind === "changed" || error.kind === "stuck" ? "unreadable" : "ready");
  }
  jot();
  [...mine.values()].filter((tag) => !tags.includes(tag)).forEach((tag) => file(tag, "POST"));
  await follow();
}

/** From the queue to the receipt, as far as it is now; called again whenever the queue says that something happened. */
async function follow() {
  const current = ++turn;
  by("title").readOnly = true;
  showQueue();
  const waiting = await queue.get(clip_id);
  if (current !== turn) return;
  if (waiting) written(waiting);
  if (waiting?.reason && waiting.state !== "sending") {
    const safe = waiting.state === "failed" ? "The page is still here." : waiting.kind === "revoked" ? "" : "The page is safe here and goes when the archive answers.";
    return trouble({ message: `${waiting.reason} ${safe}`, kind: waiting.kind }, waiting.state);
  }
  state(waiting ? "sending" : "working");
  by("progress").removeAttribute("value");
  say("", waiting ? "Sending …" : "Kept. Making the article …");
  if (waiting) return;
  let receipt;
  do receipt = await call(`/api/v1/clips/${clip_id}/receipt?wait=10`, { wait_ms: 20_000 }).catch((error) => trouble({ ...error, message: `The page is kept; what was kept of it cannot be shown yet. ${error.message}` }, "unseen")); while (receipt?.state === "received" && current === turn);
  if (receipt && current === turn) show(receipt);
}

function show(receipt) {
  by("open").href = settings.server + receipt.url;
  if (receipt.state === "failed") return trouble({ message: `The page is in the archive, but no article could be made of it: ${receipt.reason.replace(/[^.!?]$/, "$&.")} There you can choose its text by hand.` }, "unmade");
  article = receipt.article;
  const { kept, version, signs, same_story, duplicate_of: twin } = receipt;
  state("kept");
  by("undo").hidden = version.is_new_version; // it would take the older versions away too
  say("good", version.is_new_version ? `Kept as version ${version.number}` : "Kept");
  written({ ...article, tags: receipt.tags, note: receipt.note });
  by("outlet").textContent = article.outlet || outlet(facts.url);
  if (article.published) by("day").textContent = date(article.published);
  const lost = kept.images_missed.length;
  const found = [many(kept.words, "word"), many(kept.images_kept, "picture") + (lost ? `, ${lost} missed` : ""), kept.authors ? `by ${article.authors.join(", ")}` : "no author found", ...(kept.date ? [] : ["no date found"])];
  const line = (name, ...words) => made("p", { className: "sign" }, icon(name), made("span", { dir: "auto" }, ...words));
  const link = ({ url, title, outlet: where }) => made("a", { href: settings.server + url, target: "_blank", textContent: where ? `${title} (${where})` : title });
  by("receipt").replaceChildren(made("p", { className: "facts", textContent: found.join(" · ") }), ...signs.map(({ explanation }) => line("warning", explanation)),
    ...(twin ? [line("history", "Not a word differs from ", link({ ...twin, title: `the version of ${date(twin.clipped_at)}` }))] : []),
    ...same_story.slice(0, 3).map((other) => line("history", "Same story: ", link(other))), ...(lost && !api.pageCapture ? [bring()] : []));
  suggest([...receipt.suggestions.regions, ...receipt.suggestions.topics]);
}

/** What stands there of the reader's, and over it what is still on its way. */
function written({ title, tags, note }) {
  mine.clear();
  for (const tag of tags) mine.set(named(tag), tag);
  for (const { method, tag, json } of later) {
    if (tag) method === "POST" ? mine.set(named(tag), tag) : mine.delete(named(tag));
    ({ title = title, note = note } = json ?? {});
  }
  drawTags();
  by("title").value = title;
  if (by("note").value.trim() === noted) by("note").value = noted = note; // else there is more in it by now
  [by("title"), by("note")].forEach(grow);
}

/** Said of a page that was kept: on its way from now on, whether the archive answers or not. */
async function amend(about, deed) {
  later.push(deed);
  await ask("amend", { of: clip_id, about, title: facts.title, url: facts.url, ...deed }).catch(wrong);
}

const bring = () => made("button", { className: "quiet", textContent: "Bring pictures of other sites next time", onclick: async ({ target }) => (await api.permissions.request(ALL_SITES)) && target.remove() });

function suggest(open) {
  const some = (kind) => open.filter((each) => each.kind === kind).length;
  by("suggested").hidden = !open.length;
  by("suggested-title").textContent = [["region", "regions"], ["topic", "topics"]].filter(([kind]) => some(kind)).map(([one, more]) => many(some(one), one, more)).join(" and ") + " suggested";
  const rows = open.map((each) => [each, suggestion(each)]);
  by("suggested").querySelector("ul").replaceChildren(...rows.map(([, row]) => row));
  const sure = rows.filter(([{ preselected }]) => preselected);
  by("accept").hidden = !sure.length;
  by("accept").textContent = sure.length === 1 ? `Accept ${sure[0][0].name}` : `Accept ${sure.length}`;
  by("accept").onclick = () => { by("accept").hidden = true; sure.forEach(([, row]) => row.dataset.answer || row.querySelector(".tag").click()); };
}

/** One suggestion with why; the tag accepts it, the cross refuses it, and either pressed again takes the answer back. */
function suggestion({ tag_id, kind, name, preselected, summary, evidence: { surfaces = [], prior } }) {
  const why = [summary, surfaces.slice(0, 3).map(([words]) => words).join(", "), prior].filter(Boolean).join(": ");
  const row = made("li", { className: preselected ? "sure" : "" });
  const press = (word) => {
    row.dataset.answer = word;
    [[yes, "accepted"], [no, "rejected"]].forEach(([button, each]) => button.setAttribute("aria-pressed", String(word === each)));
  };
  const answer = (word) => async () => {
    const before = row.dataset.answer ?? "", path = `/api/v1/articles/${article.id}/suggestions/${encodeURIComponent(tag_id)}`;
    press(before === word ? "" : word);
    await call(path, before === word ? { method: "DELETE" } : { method: "POST", json: { answer: word } }).catch((error) => { press(before); wrong(error); });
  };
  const yes = made("button", { className: `tag suggested ${kind}`, ariaPressed: "false", onclick: answer("accepted") }, mark(kind), made("bdi", { textContent: name }));
  const no = made("button", { className: "quiet", title: `Not ${name}`, ariaLabel: `Not ${name}`, ariaPressed: "false", onclick: answer("rejected") }, icon("close"));
  row.append(yes, made("span", { className: "why", dir: "auto", textContent: why, title: why }), no);
  return row;
}

const jot = () => { const note = by("note").value.trim(); if (clip_id && note !== noted) amend("note", { method: "PATCH", path: "", json: { note: (noted = note) } }); };

/** The reader's own tags, each with a cross to take it off again. */
function drawTags() {
  by("mine").replaceChildren(...[...mine.values()].map((tag) => made("li", { className: `tag ${tag.kind}` }, mark(tag.kind), made("bdi", { textContent: tag.name }),
    made("button", { className: "off", ariaLabel: `Take off ${tag.name}`, onclick: () => file(tag, "DELETE") }, icon("close")))));
}

function file(tag, method) {
  method === "POST" ? mine.set(named(tag), tag) : mine.delete(named(tag));
  drawTags();
  const { kind, name, id } = tag, json = method === "POST" ? { kind, name: id ?? name } : undefined;
  if (clip_id) return amend(`${kind} ${name}`, { method, path: json ? "/tags" : `/tags/${encodeURIComponent(id)}`, json, tag });
}

function take(tag) {
  if (!tag) return say("bad", "There is no region or topic of this name. Choose one from the list, or make it under Places or Topics in the archive.");
  if (!mine.has(named(tag))) file(tag, "POST");
}

async function undo() {
  const waits = await queue.get(clip_id);
  if (!waits) await call(`/api/v1/articles/${article.id}`, { method: "DELETE" });
  await ask("remove", { clip_id });
  [clip_id, article, turn] = [undefined, undefined, turn + 1];
  state("undone");
  say("undo", waits ? "Thrown away. Nothing was sent." : "Undone. The archive's trash holds it for 30 days.");
  by("again").focus();
}

async function showQueue() {
  const clips = (await queue.all()).filter((clip) => clip.clip_id !== clip_id && (clip.of !== clip_id || clip.reason)); // of this page: only what went wrong
  by("queue").hidden = !clips.length;
  const act = (what, id, name, text) => made("button", { className: "quiet", title: text, ariaLabel: text, onclick: () => ask(what, { clip_id: id }) }, icon(name));
  by("queue").replaceChildren(made("h2", { className: "eyebrow", textContent: `${clips.length} waiting here` }), made("ul", {}, ...clips.map((clip) => made("li", { className: clip.state },
    made("div", {}, made("bdi", { textContent: `${clip.of ? `${clip.about}: ` : ""}${clip.title || clip.url}` }), made("p", { textContent: clip.state === "sending" ? "Sending …" : clip.reason || "Waits its turn" })),
    act("retry", clip.clip_id, "send", "Send it now"), act("remove", clip.clip_id, "close", "Throw it away")))));
}

async function allTabs() {
  if (!(await api.permissions.request(ALL_SITES))) return say("bad", "Without leave to read other sites only the tab in front can be kept.");
  const { kept, failed } = await ask("tabs", { windowId: tab.windowId });
  say(failed.length ? "bad" : "good", `${many(kept, "tab")} kept. `, ...failed.map(({ title, text }) => made("span", { className: "one", textContent: `${title}: ${text}` })));
}

api.runtime.onMessage.addListener(({ event, ...told }) => {
  if (event === "reading" && told.tabId === tab?.id && told.share) by("progress").value = told.share;
  if (event === "tabs") say("", `Keeping tab ${told.done + 1} of ${told.of} …`);
  if (event === "queue") told.clip_id !== clip_id || ["kept", "undone"].includes(document.body.dataset.state) ? showQueue() : follow();
});
const options = async () => { await api.runtime.openOptionsPage(); window.close(); };
const whole = async () => { facts.selection = ""; fill(); };
for (const [id, act] of Object.entries({ keep, again: keep, undo, resend: () => ask("retry", { clip_id }), tabs: allTabs, options, connect: options, reconnect: options, whole })) by(id).addEventListener("click", () => act().catch(wrong));
for (const id of ["title", "note"]) by(id).addEventListener("input", ({ target }) => grow(target));
by("note").addEventListener("input", () => { clearTimeout(jotting); jotting = setTimeout(jot, JOT_MS); });
by("note").addEventListener("change", jot);
addEventListener("pagehide", jot); // a popup closes at the next click beside it
addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target === by("title")) && document.body.dataset.state === "ready") { event.preventDefault(); keep(); } });
completes(by("tag"), by("found"), take);
start().catch(trouble);
