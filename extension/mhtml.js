// Takes the pictures out of a web archive (MHTML, RFC 2557) as Chromium writes it: the only way to those of other sites.

const header = (head, name) => new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t]+.*)*)`, "im").exec(head)?.[1].replace(/\r?\n[ \t]+/g, "").trim() ?? "";

function bytes(text, encoding) {
  if (/base64/i.test(encoding)) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    return Uint8Array.from(atob(text.replace(/\s+/g, "")), (letter) => letter.charCodeAt(0));
  }
  const plain = /quoted-printable/i.test(encoding)
    ? text.replace(/=\r?\n/g, "").replace(/=([\dA-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))) : text;
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** address → Blob for those of `wanted` that are inside. */
export function pictures(mhtml, wanted) {
  const boundary = /boundary="?([^"\r\n;]+)/i.exec(mhtml.slice(0, 8000))?.[1];
  const found = new Map();
  if (!boundary) return found;
  const mark = `\r\n--${boundary}`;
  for (let at = mhtml.indexOf(mark); at >= 0;) {
    const end = mhtml.indexOf(mark, at + mark.length);
    const body = mhtml.indexOf("\r\n\r\n", at + mark.length);
    if (end < 0 || body < 0) break;
    const head = mhtml.slice(at + mark.length, body);
    const address = header(head, "Content-Location");
    const type = header(head, "Content-Type").split(";")[0];
    if (type.startsWith("image/") && wanted.has(address)) {
      found.set(address, new Blob([bytes(mhtml.slice(body + 4, end), header(head, "Content-Transfer-Encoding"))], { type }));
    }
    at = end;
  }
  return found;
}
