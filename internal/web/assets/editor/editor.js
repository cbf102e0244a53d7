// The editor of articles, experiences and bulletins. It takes the place of a plain field when
// it can run; the form around it is the same.
import { EditorState, Plugin, NodeSelection, Selection } from "prosemirror-state";
import { EditorView, Decoration, DecorationSet } from "prosemirror-view";
import { Slice, Fragment } from "prosemirror-model";
import { history, undo, redo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { baseKeymap, toggleMark, setBlockType, wrapIn, lift, chainCommands, exitCode } from "prosemirror-commands";
import { wrapInList, splitListItem, liftListItem, sinkListItem } from "prosemirror-schema-list";
import { tableEditing, goToNextCell, addRowAfter, addColumnAfter, deleteRow, deleteColumn, deleteTable, isInTable } from "prosemirror-tables";
import { gapCursor } from "prosemirror-gapcursor";
import { schema, load, save } from "./schema.js";
import { loose, countLoose } from "./loose.js";
import { Panel, el, field, figure } from "./panel.js";

const N = schema.nodes, M = schema.marks;

// empty says what goes where nothing stands yet.
const empty = (words) => new Plugin({
  props: {
    decorations(state) {
      const all = [];
      state.doc.forEach((node, pos, i) => {
        const text = { title: words.title, lead: words.lead, paragraph: i === 2 && state.doc.childCount === 3 ? words.body : "" }[node.type.name];
        if (text && !node.content.size) all.push(Decoration.node(pos, pos + node.nodeSize, { class: "pr-empty", "data-say": text }));
      });
      return DecorationSet.create(state.doc, all);
    },
  },
});

// within says whether the selection stands in a block of that type and attributes.
function within(state, type, attrs) {
  for (let d = state.selection.$from.depth; d > 0; d--) {
    const n = state.selection.$from.node(d);
    if (n.type === type && (!attrs || Object.keys(attrs).every((k) => n.attrs[k] === attrs[k]))) return true;
  }
  return false;
}

const block = (type, attrs) => (state, dispatch) => (within(state, type, attrs) ? setBlockType(N.paragraph)(state, dispatch) : setBlockType(type, attrs)(state, dispatch));
const listOf = (type) => (state, dispatch, view) => (within(state, type) ? liftListItem(N.list_item)(state, dispatch) : wrapInList(type)(state, dispatch, view));

// point makes a paragraph a numbered one whose first sentence is its topic.
function point(state, dispatch) {
  const { $from } = state.selection;
  if ($from.parent.type !== N.paragraph) return false;
  if (dispatch) {
    const on = !$from.parent.attrs.numbered, start = $from.start();
    const tr = state.tr.setNodeMarkup($from.before(), null, { numbered: on });
    const stop = /[\u3002.]/.exec($from.parent.textBetween(0, $from.parent.content.size, "", "\ufffc"));
    tr.removeMark(start, $from.end(), M.topic);
    if (on) tr.addMark(start, stop ? start + stop.index + 1 : $from.end(), M.topic.create());
    dispatch(tr);
  }
  return true;
}

function table(state, dispatch) {
  if (isInTable(state)) return false;
  if (dispatch) {
    const row = (cell) => N.table_row.create(null, [0, 1, 2].map(() => cell.createAndFill()));
    dispatch(state.tr.replaceSelectionWith(N.table.create(null, [row(N.table_header), row(N.table_cell), row(N.table_cell)])).scrollIntoView());
  }
  return true;
}

const lineBreak = chainCommands(exitCode, (state, dispatch) => {
  if (dispatch) dispatch(state.tr.replaceSelectionWith(N.hard_break.create()).scrollIntoView());
  return true;
});

// enter in the title and in the lead goes on to what comes after.
function next(state, dispatch) {
  const { $from } = state.selection;
  if ($from.parent.type !== N.title && $from.parent.type !== N.lead) return false;
  if (dispatch) dispatch(state.tr.setSelection(Selection.near(state.doc.resolve($from.after() + 1), 1)).scrollIntoView());
  return true;
}

function start(box) {
  const words = JSON.parse(box.dataset.words), form = box.closest("form");
  const kept = form.querySelector("textarea[name=doc]"), plain = form.querySelector("[data-plain]");
  const rev = form.querySelector("input[name=rev]"), status = box.querySelector("[data-status]"), aside = box.querySelector("aside");
  let view, dirty = false, timer = 0, saving = null, stopped = false;
  const panel = new Panel(aside, words, () => view.focus());

  const say = (text) => { status.textContent = text; };
  const counts = (state) => {
    const n = countLoose(state);
    box.querySelector("[data-loose]").textContent = n ? words.loose.replace("{n}", n) : "";
  };

  // keep saves a draft; a save goes on alone, and what was typed meanwhile follows it.
  async function keep() {
    clearTimeout(timer);
    if (saving || !dirty || stopped) return saving;
    dirty = false;
    say(words.saving);
    const body = new URLSearchParams(new FormData(form));
    body.set("doc", JSON.stringify(save(view.state.doc)));
    saving = fetch(box.dataset.save, { method: "POST", body }).then((r) => r.json()).catch(() => null);
    const told = await saving;
    saving = null;
    if (told && told.rev) {
      rev.value = told.rev;
      say(told.at);
      if (dirty) later();
    } else if (told && told.conflict) {
      stopped = true;
      box.querySelector("[data-conflict]").hidden = false;
      say(told.error);
    } else {
      dirty = true;
      say((told && told.error) || words.offline);
      if (!told) later();
    }
  }
  const later = () => { clearTimeout(timer); timer = setTimeout(keep, 2500); };

  const insertFigure = (attrs) => {
    view.dispatch(view.state.tr.replaceSelectionWith(N.figure.create(attrs), true).scrollIntoView());
    panel.close();
  };
  const openFigure = (state, dispatch) => {
    if (!dispatch) return true; // only asked whether it could
    const s = view.state.selection;
    const had = s instanceof NodeSelection && s.node.type === N.figure ? s.node.attrs : {};
    figure(panel, box, had, insertFigure);
    return true;
  };
  const openLink = (state, dispatch) => {
    if (state.selection.empty) return false;
    if (dispatch) panel.ask(words.link, words.href, "https://", (href) => { panel.close(); if (/^https?:\/\/./.test(href)) toggleMark(M.link, { href })(view.state, view.dispatch); }, "url");
    return true;
  };
  const openQuoted = (state, dispatch) => {
    if (state.selection.empty) return false;
    if (dispatch) panel.ask(words.quoted, words.source, "", (source) => { panel.close(); if (source) toggleMark(M.quoted, { source })(view.state, view.dispatch); });
    return true;
  };
  const openQuote = (state, dispatch) => {
    if (within(state, N.quote)) return lift(state, dispatch);
    if (!wrapIn(N.quote)(state)) return false;
    if (dispatch) panel.ask(words.quote, words.source, "", (source) => { panel.close(); wrapIn(N.quote, { source })(view.state, view.dispatch); });
    return true;
  };
  const openPicture = (state, dispatch) => {
    if (!dispatch) return true;
    const file = el("input", { type: "file", accept: "image/jpeg,image/png,image/gif,image/webp" }), alt = el("input", { type: "text", maxlength: 300 });
    const problem = el("p", { class: "err", "aria-live": "polite" });
    const send = async () => {
      if (!file.files[0]) return;
      if (!alt.value.trim()) { problem.textContent = words.alt_missing; alt.focus(); return; }
      problem.textContent = words.sending;
      const body = new FormData();
      body.set("picture", file.files[0]);
      const r = await fetch(box.dataset.picture, { method: "POST", body }).catch(() => null);
      const told = r && (await r.json().catch(() => null));
      if (!told || !told.id) { problem.textContent = (told && told.error) || words.offline; return; }
      const caption = alt.value.trim();
      view.dispatch(view.state.tr.replaceSelectionWith(N.picture.create({ picture: told.id, alt: caption }, schema.text(caption))).scrollIntoView());
      panel.close();
    };
    panel.open(words.picture, field(words.file, file), field(words.alt, alt), problem, el("button", { type: "button", class: "btn ink", onclick: send }, words.picture_do));
    return true;
  };

  const tools = [
    [["h1", block(N.heading, { level: 1, numbered: true })], ["h2", block(N.heading, { level: 2, numbered: true })], ["sub", block(N.heading, { level: 1, numbered: false })], ["point", point]],
    [["strong", toggleMark(M.strong), M.strong], ["em", toggleMark(M.em), M.em], ["link", openLink, M.link]],
    [["enum", listOf(N.enum_list)], ["bullet", listOf(N.bullet_list)], ["ordered", listOf(N.ordered_list)]],
    [["figure", openFigure], ["quoted", openQuoted, M.quoted]],
    [["picture", openPicture], ["table", table], ["quote", openQuote]],
    [["row", addRowAfter], ["column", addColumnAfter], ["row_off", deleteRow], ["column_off", deleteColumn], ["table_off", deleteTable]],
    [["undo", undo], ["redo", redo]],
  ];
  const bar = box.querySelector("[role=toolbar]"), buttons = [];
  for (const group of tools) {
    const g = el("div", { class: "pe-group" });
    for (const [name, command, mark] of group) {
      const b = el("button", { type: "button", title: words.tips[name] || null, tabindex: buttons.length ? -1 : 0, onclick: () => { command(view.state, view.dispatch, view); if (panel.aside.hidden) view.focus(); } }, words[name]);
      g.append(b);
      buttons.push({ b, name, command, mark });
    }
    bar.append(g);
  }
  bar.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const usable = buttons.filter((x) => !x.b.hidden);
    const to = usable[(usable.findIndex((x) => x.b === document.activeElement) + step + usable.length) % usable.length].b;
    for (const x of buttons) x.b.tabIndex = x.b === to ? 0 : -1;
    to.focus();
  });
  const groups = [...bar.children];
  const tables = ["row", "column", "row_off", "column_off", "table_off"];
  const lit = (state) => {
    const inside = isInTable(state);
    for (const { b, name, command, mark } of buttons) {
      if (tables.includes(name)) b.hidden = !inside;
      else b.setAttribute("aria-disabled", String(!command(state)));
      if (mark) b.setAttribute("aria-pressed", String(state.selection.empty ? !!mark.isInSet(state.storedMarks || state.selection.$from.marks()) : state.doc.rangeHasMark(state.selection.from, state.selection.to, mark)));
    }
    for (const g of groups) g.hidden = [...g.children].every((b) => b.hidden);
  };

  // What is pasted from elsewhere is stripped here and made a document by the server.
  async function paste(htmlText, plainText) {
    const dom = new DOMParser().parseFromString(htmlText, "text/html");
    dom.querySelectorAll("script, style, iframe, object, embed, link, meta, noscript, svg, form").forEach((e) => e.remove());
    dom.querySelectorAll("*").forEach((e) => { for (const a of [...e.attributes]) if (/^on|^src$|^data-/i.test(a.name)) e.removeAttribute(a.name); });
    const r = await fetch(box.dataset.paste, { method: "POST", body: new URLSearchParams({ html: dom.documentElement.outerHTML }) }).catch(() => null);
    const told = r && (await r.json().catch(() => null));
    if (!told || !told.doc) {
      say((told && told.error) || words.offline);
      view.dispatch(view.state.tr.insertText(plainText));
      return;
    }
    const nodes = (told.doc.content || []).map((n) => schema.nodeFromJSON(n));
    const one = nodes.length === 1 && nodes[0].type === N.paragraph;
    view.dispatch(view.state.tr.replaceSelection(one ? new Slice(nodes[0].content, 0, 0) : new Slice(Fragment.from(nodes), 0, 0)).scrollIntoView());
  }

  view = new EditorView(box.querySelector("[data-sheet]"), {
    state: EditorState.create({
      doc: load(JSON.parse(kept.value), JSON.parse(box.dataset.said)),
      plugins: [
        history(),
        keymap({
          "Mod-b": toggleMark(M.strong), "Mod-i": toggleMark(M.em), "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo, "Mod-k": openLink, "Mod-Shift-f": openFigure,
          "Mod-Alt-1": block(N.heading, { level: 1, numbered: true }), "Mod-Alt-2": block(N.heading, { level: 2, numbered: true }), "Mod-Alt-0": setBlockType(N.paragraph),
          "Shift-Enter": lineBreak, "Enter": chainCommands(next, splitListItem(N.list_item)),
          "Tab": chainCommands(goToNextCell(1), sinkListItem(N.list_item)), "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(N.list_item)),
          "Mod-s": () => { keep(); return true; }, "Alt-F10": () => { bar.querySelector("[tabindex='0']").focus(); return true; },
        }),
        keymap(baseKeymap), gapCursor(), tableEditing(), empty(words), loose(counts),
      ],
    }),
    attributes: { class: "prose pe-text", role: "textbox", "aria-multiline": "true", "aria-label": words.label, spellcheck: "false" },
    handlePaste(v, event) {
      const text = event.clipboardData.getData("text/html");
      if (!text || text.includes("data-pm-slice")) return false;
      paste(text, event.clipboardData.getData("text/plain"));
      return true;
    },
    handleClickOn(v, pos, node, nodePos, event, direct) {
      if (!direct || node.type !== N.figure) return false;
      v.dispatch(v.state.tr.setSelection(NodeSelection.create(v.state.doc, nodePos)));
      return openFigure(v.state, v.dispatch);
    },
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      lit(view.state);
      if (tr.docChanged) {
        dirty = true;
        later();
      }
    },
  });

  plain.disabled = true;
  plain.closest(".fld").hidden = true;
  kept.disabled = false;
  box.hidden = false;
  lit(view.state);
  counts(view.state);
  form.addEventListener("input", (e) => { if (e.target.name && form.contains(e.target) && !box.contains(e.target)) { dirty = true; later(); } });
  form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); kept.value = JSON.stringify(save(view.state.doc)); });
  addEventListener("beforeunload", (e) => { if (dirty && !stopped) e.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  if (matchMedia("(min-width: 1024px)").matches) { // on a phone this would open its keyboard
    view.dispatch(view.state.tr.setSelection(Selection.atEnd(view.state.doc)));
    view.focus();
  }
  box.dataset.ready = "";
}

document.querySelectorAll("[data-editor]").forEach(start);
