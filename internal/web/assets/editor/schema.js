// The schema of internal/base/prose, as the editor holds it. What it says is checked again by
// the server, whose word is the last.
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

const inCell = "(paragraph | enum_list | bullet_list | ordered_list)+";
const blocks = "(heading | paragraph | enum_list | bullet_list | ordered_list | table | picture | quote)+";

// What a figure asks; label is what it says, which the server told.
export const figureAttrs = {
  key: "", org: "", unit: "", area: 0, campaign: 0, category: 0, service: 0, callup: "", subject: "",
  from: "", to: "", form: "", d: 0, measure: "", frozen: null, label: "",
};

function defaults(of) {
  const out = {};
  for (const name in of) out[name] = { default: of[name] };
  return out;
}

function list(tag, name) {
  return {
    content: "list_item+",
    attrs: name === "ordered_list" ? { order: { default: 1 } } : {},
    parseDOM: [{ tag: tag + (name === "enum_list" ? ".pr-enum" : ""), priority: name === "enum_list" ? 60 : 50 }],
    toDOM: () => [tag, name === "enum_list" ? { class: "pr-enum" } : {}, 0],
  };
}

export const schema = new Schema({
  nodes: {
    doc: { content: "title lead " + blocks },
    title: { content: "(text | hard_break | figure)*", marks: "link quoted", defining: true, parseDOM: [{ tag: "h1.pr-title" }], toDOM: () => ["h1", { class: "pr-title" }, 0] },
    lead: { content: "(text | hard_break | figure)*", defining: true, parseDOM: [{ tag: "p.pr-lead", priority: 60 }], toDOM: () => ["p", { class: "pr-lead" }, 0] },
    paragraph: {
      content: "(text | hard_break | figure)*",
      attrs: { numbered: { default: false } },
      parseDOM: [{ tag: "p.pr-point", priority: 60, attrs: { numbered: true } }, { tag: "p" }],
      toDOM: (n) => ["p", n.attrs.numbered ? { class: "pr-point" } : {}, 0],
    },
    heading: {
      content: "(text | hard_break | figure)*",
      marks: "link quoted",
      defining: true,
      attrs: { level: { default: 1 }, numbered: { default: false } },
      parseDOM: [1, 2, 3].map((level) => ({ tag: "h" + (level + 1), getAttrs: (d) => ({ level, numbered: d.classList.contains("pr-num") }) })),
      toDOM: (n) => ["h" + (n.attrs.level + 1), { class: "pr-h" + n.attrs.level + (n.attrs.numbered ? " pr-num" : "") }, 0],
    },
    enum_list: list("ol", "enum_list"),
    bullet_list: list("ul", "bullet_list"),
    ordered_list: list("ol", "ordered_list"),
    list_item: { content: "paragraph (paragraph | enum_list | bullet_list | ordered_list)*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    ...tableNodes({ tableGroup: "", cellContent: inCell, cellAttributes: {} }),
    picture: {
      content: "(text | hard_break | figure)*",
      marks: "link quoted",
      isolating: true,
      defining: true,
      attrs: { picture: { default: "" }, alt: { default: "" } },
      parseDOM: [{ tag: "figure[data-picture]", contentElement: "figcaption", getAttrs: (d) => ({ picture: d.getAttribute("data-picture"), alt: d.getAttribute("data-alt") }) }],
      toDOM: (n) => ["figure", { "data-picture": n.attrs.picture, "data-alt": n.attrs.alt },
        ["img", { src: "/pictures/" + n.attrs.picture, alt: n.attrs.alt }], ["figcaption", 0]],
    },
    quote: {
      content: "paragraph+",
      defining: true,
      attrs: { source: { default: "" } },
      parseDOM: [{ tag: "blockquote", getAttrs: (d) => ({ source: d.getAttribute("data-source") || "" }) }],
      toDOM: (n) => ["blockquote", { "data-source": n.attrs.source }, 0],
    },
    text: {},
    hard_break: { inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    figure: {
      inline: true,
      atom: true,
      attrs: defaults(figureAttrs),
      parseDOM: [{ tag: "span[data-figure]", getAttrs: (d) => JSON.parse(d.getAttribute("data-figure")) }],
      toDOM: (n) => ["span", { class: "fg" + (n.attrs.form ? "" : " fg-loose"), "data-figure": JSON.stringify(n.attrs) }, n.attrs.label || String(n.attrs.d) + n.attrs.measure],
    },
  },
  marks: {
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    link: { attrs: { href: {} }, inclusive: false, parseDOM: [{ tag: "a[href]", getAttrs: (d) => ({ href: d.getAttribute("href") }) }], toDOM: (m) => ["a", { href: m.attrs.href }, 0] },
    topic: { parseDOM: [{ tag: "strong.pr-topic", priority: 60 }], toDOM: () => ["strong", { class: "pr-topic" }, 0] },
    quoted: { attrs: { source: { default: "" } }, inclusive: false, parseDOM: [{ tag: "span.pr-quoted", getAttrs: (d) => ({ source: d.title }) }], toDOM: (m) => ["span", { class: "pr-quoted", title: m.attrs.source }, 0] },
  },
});

// load makes a document of what the server keeps: it always has a title, a lead and a block.
export function load(json, said) {
  const content = (json.content || []).slice();
  if (!content[0] || content[0].type !== "title") content.unshift({ type: "title" });
  if (!content[1] || content[1].type !== "lead") content.splice(1, 0, { type: "lead" });
  if (content.length < 3) content.push({ type: "paragraph" });
  let i = 0;
  const label = (n) => {
    if (n.type === "figure") return { ...n, attrs: { ...n.attrs, label: said[i++] || "" } };
    return n.content ? { ...n, content: n.content.map(label) } : n;
  };
  return schema.nodeFromJSON({ type: "doc", content: content.map(label) });
}

// save makes what the server keeps of a document.
export function save(doc) {
  const json = doc.toJSON();
  const strip = (n) => {
    if (n.type === "figure") {
      const attrs = {};
      for (const name in n.attrs) if (name !== "label" && n.attrs[name]) attrs[name] = n.attrs[name];
      return { ...n, attrs };
    }
    return n.content ? { ...n, content: n.content.map(strip) } : n;
  };
  json.content = json.content.map(strip).filter((n) => n.content || (n.type !== "title" && n.type !== "lead"));
  return json;
}
