// Numbers that stand in the text by themselves are underlined until they are bound, or marked
// as said by a named source. The same rule as prose.Unbound: days, hours and ordinals are no
// claims.
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const ordinal = "\u7b2c";
const calendar = "\u5e74\u6708\u65e5\u53f7\u65f6\u70b9\u5206\u5c4a";
const digits = /[0-9\uff10-\uff19]+(?:[.,:\uff1a\uff0c\uff0e][0-9\uff10-\uff19]+)*/g;

function isClaim(line, at, text) {
  const before = line[at - 1] || "", after = line[at + text.length] || "";
  return !(ordinal.includes(before) && before) && !(calendar.includes(after) && after) && !/[:\uff1a]/.test(text) && !/[A-Za-z]/.test(before) && !/[A-Za-z]/.test(after);
}

function find(doc) {
  const all = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    let line = "";
    node.forEach((child) => {
      const open = child.isText && !child.marks.some((m) => m.type.name === "quoted");
      line += open ? child.text : "\n".repeat(child.nodeSize);
    });
    for (const m of line.matchAll(digits)) {
      if (isClaim(line, m.index, m[0])) all.push(Decoration.inline(pos + 1 + m.index, pos + 1 + m.index + m[0].length, { class: "pr-loose" }));
    }
    return false;
  });
  return all;
}

export function loose(told) {
  return new Plugin({
    state: {
      init: (_, state) => DecorationSet.create(state.doc, find(state.doc)),
      apply: (tr, set) => (tr.docChanged ? DecorationSet.create(tr.doc, find(tr.doc)) : set),
    },
    props: { decorations(state) { return this.getState(state); } },
    view: () => ({ update(view) { told(view.state); } }),
  });
}

export const countLoose = (state) => find(state.doc).length;
