// Finds quotes of an article's plain text in its page. The plain text was taken from the mark-up, so words are the same
// and blanks are not: all are compared without blanks. Which of several equal words is meant is told by the text around
// it, and, where even that is the same, by how far down it stands.

const BLANK = /[\s\u00ad\u200b\u2060\ufeff]/u;

/** One string without blanks for all text below `roots`, and for each of its characters where it comes from. */
export function textOf(roots) {
  let text = "";
  const places = [];
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data } = walker.currentNode;
      for (let at = 0; at < data.length; at += 1) {
        if (BLANK.test(data[at])) continue;
        text += data[at];
        places.push([walker.currentNode, at]);
      }
    }
  }
  return { text, places };
}

export const squeezed = (words) => [...words].filter((letter) => !BLANK.test(letter)).join("");

/** A Range for each quote {before, words, after, share} that is there, in the order of the text; one a place. */
export function find(roots, quotes) {
  const { text, places } = textOf(roots);
  const starts = new Map();
  for (const quote of quotes) {
    const start = placeOf(text, quote);
    if (start >= 0) starts.set(start, Math.max(starts.get(start) ?? 0, squeezed(quote.words).length));
  }
  return [...starts].sort(([one], [other]) => one - other).map(([start, length]) => {
    const range = document.createRange();
    range.setStart(...places[start]);
    const [node, offset] = places[start + length - 1];
    range.setEnd(node, offset + 1);
    return range;
  });
}

/** Where the words begin: with all the text around them if it is there, else with less and less of it;
 *  -1 for nowhere. */
export function placeOf(text, { before, words, after, share }) {
  const [left, middle, right] = [before, words, after].map(squeezed);
  if (!middle) return -1;
  for (const length of [left.length + right.length, 12, 6, 3]) {
    const [front, back] = [left.slice(Math.max(0, left.length - length)), right.slice(0, length)];
    for (const [one, other] of [[front, back], [front, ""], ["", back]]) {
      const found = one || other ? nearest(text, one + middle + other, share) : -1;
      if (found >= 0) return found + one.length;
    }
  }
  return nearest(text, middle, share);
}

function nearest(text, wanted, share) {
  let best = -1;
  const goal = share * text.length;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (best < 0 || Math.abs(at - goal) < Math.abs(best - goal)) best = at;
  }
  return best;
}
