// The panel at the side: a picture, a link, a source, and a figure with what it counts.
export function el(tag, attrs, ...inside) {
  const e = document.createElement(tag);
  for (const name in attrs || {}) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), attrs[name]);
    else if (attrs[name] === true) e.setAttribute(name, "");
    else if (attrs[name] !== false && attrs[name] != null) e.setAttribute(name, attrs[name]);
  }
  e.append(...inside.filter((x) => x != null));
  return e;
}

let number = 0;
export function field(label, input) {
  input.id = "pe-" + ++number;
  if (!input.classList.contains("in")) input.classList.add("in");
  return el("div", { class: "fld" }, el("label", { for: input.id }, label), input);
}

export class Panel {
  constructor(aside, words, back) {
    this.aside = aside;
    this.words = words;
    this.back = back;
    aside.addEventListener("keydown", (e) => {
      if (e.key === "Escape") this.close();
    });
  }

  open(title, ...inside) {
    this.aside.replaceChildren(
      el("div", { class: "pe-head" }, el("h2", {}, title), el("button", { type: "button", class: "btn", onclick: () => this.close() }, this.words.close)),
      ...inside);
    this.aside.hidden = false;
    const first = this.aside.querySelector("input, select, textarea");
    if (first) first.focus();
  }

  close() {
    this.aside.hidden = true;
    this.aside.replaceChildren();
    this.back();
  }

  // ask asks for one line.
  ask(title, label, value, done, kind) {
    const input = el("input", { type: kind || "text", value: value || "" });
    const form = el("div", {}, field(label, input), el("button", { type: "button", class: "btn ink", onclick: () => done(input.value.trim()) }, this.words.ok));
    input.addEventListener("keydown", (e) => {
      if (e.key === "Enter") {
        e.preventDefault();
        done(input.value.trim());
      }
    });
    this.open(title, form);
  }
}

// figure lets one search an indicator, choose its scope and how it is spoken.
export function figure(panel, box, had, insert) {
  const w = panel.words, read = (name) => JSON.parse(box.dataset[name]) || [], list = read("indicators");
  const search = el("input", { type: "search", placeholder: w.find });
  const found = el("ul", { class: "pe-found", "aria-label": w.indicators });
  const choice = (all, now) => el("select", {}, el("option", { value: "" }, w.any), ...all.map((c) => el("option", { value: c.id, selected: c.id === now }, c.name)));
  const scope = {
    org: el("input", { type: "text", value: had.org && had.org !== box.dataset.org ? had.org : box.dataset.orgname }),
    campaign: choice(read("campaigns"), had.campaign), service: choice(read("services"), had.service), category: choice(read("categories"), had.category),
    area: el("input", { type: "text", value: had.area || "", placeholder: w.area_hint }),
    from: el("input", { type: "date", value: had.from || "" }), to: el("input", { type: "date", value: had.to || "" }),
  };
  const answer = el("div", { class: "pe-answer", "aria-live": "polite" });
  const measure = el("input", { type: "text", value: had.measure || "", maxlength: 8 });
  let key = had.key || "", shown = had.org || box.dataset.org, named = scope.org.value, times = 0;
  const choose = (one) => {
    key = one;
    measure.value = (list.find((i) => i.key === key) || {}).measure || "";
    ask();
  };
  const show = () => {
    const text = search.value.trim();
    const some = list.filter((i) => !text || (i.name + i.basis).includes(text)).slice(0, 8);
    found.replaceChildren(...some.map((i) => el("li", {}, el("button", { type: "button", "aria-pressed": String(i.key === key), onclick: () => { choose(i.key); show(); } }, i.name))));
    if (!some.length) found.replaceChildren(el("li", { class: "s" }, w.none));
  };
  async function ask() {
    if (!key) return;
    const mine = ++times, q = new URLSearchParams({ key, measure: measure.value });
    for (const name in scope) if (scope[name].value.trim()) q.set(name, scope[name].value.trim());
    if (q.get("org") === named) q.set("org", shown);
    else if (q.get("org") === box.dataset.orgname) q.set("org", box.dataset.org);
    for (const name of ["unit", "callup", "subject"]) if (had[name]) q.set(name, had[name]);
    const r = await fetch(box.dataset.figure + "?" + q).catch(() => null);
    const told = r && (await r.json().catch(() => null));
    if (mine !== times) return; // asked again meanwhile
    if (!told || told.error) {
      answer.replaceChildren(el("p", { class: "err" }, (told && told.error) || w.offline));
      return;
    }
    shown = told.attrs.org;
    scope.org.value = named = told.scope;
    answer.replaceChildren(
      el("p", { class: "pe-v num" }, told.value, el("small", {}, told.unit)), el("p", { class: "s" }, told.basis), el("p", { class: "s num" }, told.at),
      el("ul", { class: "pe-splits num" }, ...told.splits.map((s) => el("li", {}, el("span", {}, s.name), el("b", {}, s.value)))),
      el("p", {}, el("a", { href: told.href, target: "_blank", rel: "noopener", class: "lnk" }, w.records)),
      el("h3", {}, w.how),
      el("ul", { class: "pe-say num" }, ...told.ways.map((s) => el("li", {}, el("button", { type: "button", class: "btn", onclick: () => insert({ ...told.attrs, form: s.form, d: s.d, measure: measure.value.trim(), label: s.text }) }, s.text)))));
  }
  for (const f of [...Object.values(scope), measure]) f.addEventListener("change", ask);
  search.addEventListener("input", show);
  panel.open(had.key ? w.figure_change : w.figure, field(w.indicator, search), found, field(w.scope, scope.org), field(w.campaign, scope.campaign),
    el("div", { class: "pe-two" }, field(w.from, scope.from), field(w.to, scope.to)),
    el("details", { open: !!(had.area || had.service || had.category) }, el("summary", {}, w.narrower), field(w.area, scope.area), field(w.service, scope.service), field(w.category, scope.category)),
    field(w.measure, measure), answer);
  show();
  ask();
}
