// Runs in the page, in the extension's own world: reads what is shown and hands it over in pieces, a few milliseconds at
// a time. Scripts, what was typed into forms, hidden frames and canvases stay behind. It changes nothing in the page.
(() => {
  const SLICE_MS = 12; // of the page's time at once: less than a frame of 60 a second
  const PIECE_CHARS = 4_000_000; // messages between processes end at 64 MB
  const PIECE_MS = 250; // then the popup wants to know how far it came
  const PICTURE_MS = 4000;
  const OUT = /^(script|template|object|embed|applet|canvas|input|textarea|select|option|optgroup|datalist|output|frame|frameset)$/;
  const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
  const LINKED = /(^|\s)(canonical|alternate|amphtml|author|icon|license)(\s|$)/i;
  const DROPPED = /^(on.*|nonce|integrity|srcdoc|ping|formaction|crossorigin)$/i;
  const LAZY = ["data-src", "data-lazy-src", "data-original", "data-lazy", "data-hi-res-src"];
  const escaped = (text) => (/[&<>]/.test(text) ? text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;") : text);
  const quoted = (text) => (/[&"]/.test(text) ? text.replace(/&/g, "&amp;").replace(/"/g, "&quot;") : text);
  const meta = (name) => document.querySelector(`meta[property="${name}"], meta[name="${name}"]`)?.content?.trim() ?? "";
  const here = () => location.href.split("#")[0];
  const absolute = (address, node) => (URL.canParse(address, node.baseURI) ? new URL(address, node.baseURI).href : address);
  const breath = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel(); // timers are slowed in tabs that are not in front
    port1.onmessage = () => { port1.close(); done(); };
    port2.postMessage(0);
  });
  let wanted, steps, started; // wanted: address → the element that shows it, for pictures worth sending

  function attributes(node, changed) {
    let text = "";
    for (const { name, value } of node.attributes) {
      if (name in changed || DROPPED.test(name)) continue;
      const isAddress = (name === "href" || name === "src" || name === "poster") && value && !/^(#|data:|javascript:)/i.test(value.trim());
      text += ` ${name}="${quoted(isAddress ? absolute(value.trim(), node) : value)}"`;
    }
    for (const name in changed) if (changed[name] !== null) text += ` ${name}="${quoted(String(changed[name]))}"`;
    return text;
  }

  function wish(address, node) {
    const name = address.startsWith("blob:") ? `cid:${wanted.size}@blob` : address; // a blob's address means nothing elsewhere
    if (/^(https?|cid):/.test(name) && !wanted.has(name)) wanted.set(name, node);
    return name;
  }

  /** What is shown: `currentSrc`. What a script has not brought yet: the address it keeps in data-src. */
  function picture(node) {
    const shown = node.currentSrc || node.src || "";
    const kept = LAZY.map((name) => node.getAttribute(name)).find((value) => value && /^\S+$/.test(value.trim()));
    const isStandIn = !shown || shown.startsWith("data:") || node.naturalWidth < 2 || /(placeholder|blank|spacer|transparent)\.\w+$/.test(shown);
    const address = isStandIn && kept ? absolute(kept.trim(), node) : shown;
    if (!address) return {};
    const isSeen = node.complete && node.naturalWidth > 1 && address === shown;
    if (!isSeen && address === node.src && node.srcset) return {}; // not loaded, several to choose from: left to the archive
    const large = isSeen ? node.naturalWidth >= 100 && node.naturalHeight >= 70 : node.width !== 1;
    const changed = { src: large ? wish(address, node) : address, srcset: null, sizes: null, loading: null };
    for (const name of LAZY) changed[name] = null;
    if (isSeen && !node.hasAttribute("width")) Object.assign(changed, { width: node.naturalWidth, height: node.naturalHeight });
    return changed;
  }

  /** A picture that a script would have put in its place, and has not. */
  const waits = (node) => !node.closest("head") && node.parentElement.localName !== "body" && node.textContent.length < 4000 &&
    /<img/i.test(node.textContent) && !node.parentElement.querySelector("img");

  /** What an element becomes: [opening, children, closing, text is raw], or null when it stays behind. */
  function element(node) {
    const name = node.localName;
    if (node.namespaceURI !== "http://www.w3.org/1999/xhtml") {
      return name === "script" || name === "foreignObject" ? null : [`<${name}${attributes(node, {})}>`, node.childNodes, `</${name}>`];
    }
    if (name === "script") return /ld\+json/i.test(node.type) ? [`<script type="application/ld+json">`, node.childNodes, "</script>", true] : null;
    if (OUT.test(name)) return null;
    if (name === "slot") return ["", [node.assignedNodes({ flatten: true }), node.childNodes].find((some) => some.length) ?? [], ""];
    if (name === "noscript") return waits(node) ? ["<noscript>", node.childNodes, "</noscript>", true] : null;
    if (name === "link" && !LINKED.test(node.rel)) return null;
    if (name === "meta" && node.httpEquiv && !/^content-type$/i.test(node.httpEquiv)) return null;
    if (name === "source" && node.parentElement?.localName === "picture" && node.parentElement.querySelector("img")?.naturalWidth > 1) return null;
    if (name === "iframe") return frame(node);
    const changed = name === "img" ? picture(node) : {};
    if (name === "video" && node.poster) wish(node.poster, node);
    if (name === "form") return ["<div>", node.childNodes, "</div>"];
    if (name === "html") changed.dir = node.getAttribute("dir") ?? (getComputedStyle(document.body ?? node).direction === "rtl" ? "rtl" : null);
    const opening = `<${name}${attributes(node, changed)}>`;
    if (VOID.test(name)) return [opening, [], ""];
    return [opening, (node.shadowRoot ?? node).childNodes, `</${name}>`, name === "style"]; // open shadow roots are laid flat
  }

  /** The words of a frame of the same site come along; of another site's frame only where it was, as films are shown so. */
  function frame(node) {
    const body = node.contentDocument?.body;
    if (body && node.offsetWidth > 200 && body.innerText.trim().length > 200) return ["<section>", body.childNodes, "</section>"];
    return !body && node.src && node.offsetWidth > 200 ? [`<iframe src="${quoted(node.src)}" title="${quoted(node.title)}">`, [], "</iframe>"] : null;
  }

  /** Reads `root` (or its part within `range`) bit by bit; children are remembered when met, so a page may change meanwhile. */
  function reader(root, range) {
    const stack = [{ nodes: range ? [...root.childNodes] : [root], at: 0, closing: "", raw: false }];
    const piece = { html: "", met: 0, done: false };
    const take = (node, raw) => {
      if (range && !range.intersectsNode(node)) return;
      if (node.nodeType === Node.TEXT_NODE) {
        const end = node === range?.endContainer ? range.endOffset : node.data.length;
        const text = node.data.slice(node === range?.startContainer ? range.startOffset : 0, end);
        piece.html += raw ? text : escaped(text);
      }
      const made = node.nodeType === Node.ELEMENT_NODE && ++piece.met && element(node);
      if (!made) return;
      piece.html += made[0];
      stack.push({ nodes: Array.from(made[1]), at: 0, closing: made[2], raw: made[3] ?? false });
    };
    piece.go = (until) => {
      for (let number = 1; stack.length; number++) {
        const top = stack.at(-1);
        if (top.at < top.nodes.length) take(top.nodes[top.at++], top.raw);
        else piece.html += stack.pop().closing;
        if ((number & 63) === 0 && performance.now() > until) return;
      }
      piece.done = true;
    };
    return piece;
  }

  function ranges() {
    const all = getSelection();
    const several = all && !all.isCollapsed && all.toString().trim().length > 1 ? all.rangeCount : 0;
    return Array.from({ length: several }, (_, at) => all.getRangeAt(at).cloneRange());
  }

  function selected() {
    return ranges().map((range) => {
      const around = range.commonAncestorContainer;
      const root = around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement;
      return { name: "selection", reader: reader(root, range), wrap: /^(p|h\d|li|a|b|i|em|strong|span)$/.test(root.localName) ? "p" : "div" };
    });
  }

  function day() {
    const told = meta("article:published_time") || meta("date") || document.querySelector("time[datetime]")?.dateTime ||
      [...document.querySelectorAll("script[type*='ld+json']")].map((each) => /"datePublished"\s*:\s*"([^"]+)/.exec(each.textContent)?.[1]).find(Boolean);
    return told && !Number.isNaN(Date.parse(told)) ? new Date(told).toISOString() : "";
  }

  function look() {
    const large = [...document.images].find((image) => image.naturalWidth >= 300 && image.naturalHeight >= 150);
    const image = meta("og:image") || large?.currentSrc || "", title = meta("og:title") || document.title.trim();
    return { url: here(), type: document.contentType, day: day(), image: image && absolute(image, document), title, selection: ranges().join(" ").trim().slice(0, 400) };
  }

  function begin({ selection }) {
    wanted = new Map();
    started = here();
    steps = [...(selection ? selected() : []), { name: "page", reader: reader(document.documentElement) }];
    return look();
  }

  async function next() {
    const from = performance.now(), [step] = steps, { reader: piece } = step;
    while (!piece.done && piece.html.length < PIECE_CHARS && performance.now() - from < PIECE_MS) {
      piece.go(performance.now() + SLICE_MS);
      if (!piece.done) await breath();
    }
    const { html } = piece;
    piece.html = "";
    if (piece.done) steps.shift();
    const share = step.name === "page" ? Math.min(1, piece.met / document.getElementsByTagName("*").length) : 0;
    return { name: step.name, wrap: step.wrap, html, share, ended: piece.done, done: !steps.length, changed: here() !== started };
  }

  /** The pictures to bring, each with the address a web archive keeps it under: Chromium names them by `src` there. */
  function end() {
    const lead = meta("og:image");
    if (lead) wish(absolute(lead, document), null);
    const named = [...wanted].map(([address, node]) => ({ address, inside: node?.localName === "img" ? node.src : address }));
    return named.map(({ address, inside }) => ({ address, inside: named.filter((other) => other.inside === inside).length > 1 ? address : inside }));
  }

  const text = (blob) => new Promise((done, failed) => {
    const reading = Object.assign(new FileReader(), { onload: () => done(reading.result), onerror: failed });
    reading.readAsDataURL(blob);
  });

  /** A picture as a data: address, read out of the browser's cache or off the screen; "" when the browser forbids both. */
  async function read(address) {
    const node = wanted.get(address);
    const from = address.startsWith("cid:") ? node.currentSrc || node.src : address;
    const asked = fetch(from, { cache: "force-cache", credentials: "same-origin", signal: AbortSignal.timeout(PICTURE_MS) });
    const blob = await asked.then((answer) => (answer.ok ? answer.blob() : null)).catch(() => null);
    if (blob?.type.startsWith("image/")) return text(blob);
    try {
      const canvas = new OffscreenCanvas(node.naturalWidth, node.naturalHeight);
      canvas.getContext("2d").drawImage(node, 0, 0);
      return await text(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 }));
    } catch {
      return "";
    }
  }

  /** One picture as a page of its own, for "Keep this picture". */
  function figure(address) {
    const node = [...document.images].find((image) => image.currentSrc === address || image.src === address);
    const caption = node?.closest("figure")?.querySelector("figcaption")?.innerText.trim() || node?.alt || "";
    wanted = new Map([[address, node ?? null]]);
    const title = caption.split(/[.\n]/)[0].slice(0, 120) || document.title;
    const html = `<!doctype html><html lang="${quoted(document.documentElement.lang)}"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body><article><h1>${escaped(title)}</h1>` +
      `<figure><img src="${quoted(address)}" alt="${quoted(node?.alt ?? "")}" width="${node?.naturalWidth || 1}" height="${node?.naturalHeight || 1}"><figcaption>${escaped(caption)}</figcaption></figure>` +
      `<p>A picture from <a href="${quoted(location.href)}">${escaped(document.title)}</a></p></article></body></html>`;
    return { html, title };
  }

  globalThis.datelineCapture = { look, begin, next, end, read, figure };
})();
