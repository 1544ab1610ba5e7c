// The plan beside the conversation: its headings, its whole text with the cited words marked, its
// dates as a picture, and search that minds no marks.

import { bare, button, drawing, element, fill, withEmphasis, words } from "./dom.js";

const WIDE = matchMedia("(min-width: 60rem)");
const AROUND = 60; // letters shown on each side of what was found
const MOST_FOUND = 40;

export class PlanPanel {
  constructor(parts) {
    Object.assign(this, parts); // dialog, title, chooser, views, search, found, body
    this.plan = null;
    this.view = "contents";
    for (const [name, text] of [
      ["contents", words.contents],
      ["text", words.whole_text],
      ["dates", words.timeline],
    ]) {
      const made = button("view", text, () => this.show(name));
      made.dataset.view = name;
      this.views.append(made);
    }
    this.chooser.addEventListener("change", async () => {
      if (await this.load(this.chooser.value)) this.show(this.view);
    });
    this.search.addEventListener("input", () => this.find());
    this.dialog.addEventListener("click", ({ target }) => {
      if (target === this.dialog) this.close(); // what is dark around a bottom sheet
    });
    this.dialog.addEventListener("close", () => {
      document.body.classList.remove("has-panel");
      this.opener?.focus({ preventScroll: true });
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  close() {
    this.dialog.close();
  }

  async open(view, cited = null) {
    if (!this.dialog.open) {
      this.opener = document.activeElement;
      if (WIDE.matches) this.dialog.show();
      else this.dialog.showModal();
      document.body.classList.add("has-panel");
    }
    this.title.focus({ preventScroll: true });
    this.search.value = "";
    if (!(await this.load(cited?.plan ?? this.plan?.id ?? ""))) return;
    const typed = this.search.value; // while the plan was on its way
    this.show(view);
    if (typed) {
      this.search.value = typed;
      this.find();
    } else if (cited) this.mark(cited);
  }

  async load(id) {
    if (this.plan && this.plan.id === (id || this.plan.id)) return true;
    this.body.replaceChildren(element("p", "quiet", words.preparing));
    try {
      const answer = await fetch(`/api/plan?id=${encodeURIComponent(id)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      this.plan = await answer.json();
    } catch {
      this.body.replaceChildren(element("p", "alert", words.offline));
      return false;
    }
    this.offerViews();
    return true;
  }

  // Where several plans are served, the one that is shown can be chosen; not every plan has dates.
  offerViews() {
    const { plans, id, dates } = this.plan;
    this.chooser.hidden = plans.length < 2;
    this.chooser.replaceChildren(
      ...plans.map((plan) => new Option(plan.title, plan.id, false, plan.id === id)),
    );
    this.views.querySelector("[data-view=dates]").hidden = !dates.length;
  }

  show(wanted) {
    const view = wanted === "dates" && !this.plan.dates.length ? "contents" : wanted;
    this.view = view;
    this.search.value = "";
    this.draw();
  }

  draw() {
    const { view } = this;
    this.found.textContent = "";
    for (const made of this.views.children) {
      made.setAttribute("aria-pressed", String(made.dataset.view === view));
    }
    const draw = { contents: contents, text: wholeText, dates: timeline }[view];
    this.body.replaceChildren(draw(this.plan, (cited) => this.open("text", cited)));
    this.body.scrollTop = 0;
  }

  // Mark the cited words where they stand, and bring them into view.
  mark({ clause, quote, bullet }) {
    const section = this.body.querySelector(`[data-clause="${CSS.escape(clause)}"]`);
    if (!section) return;
    let first = null;
    for (const part of section.children) {
      if (bullet && quote && part.dataset.bullet !== String(bullet)) continue;
      const marked = quote ? markIn(part, quote) : null;
      first ??= marked;
    }
    section.classList.add("cited");
    (first ?? section).scrollIntoView({ block: first ? "center" : "start" });
  }

  find() {
    const wanted = bare(this.search.value.trim()).replace(/\s+/g, " ");
    if (!this.plan) return;
    if (wanted.length < 2) {
      this.draw();
      return;
    }
    const hits = [];
    for (const clause of this.plan.clauses) {
      for (const part of partsOf(clause)) {
        const at = bare(part.text).indexOf(wanted);
        if (at >= 0) hits.push({ clause, part, at });
      }
    }
    const text = hits.length ? fill(words.found, { n: hits.length }) : words.found_none;
    this.found.textContent = text;
    const list = element("ul", "hits");
    for (const hit of hits.slice(0, MOST_FOUND)) list.append(this.hit(hit, wanted.length));
    this.body.replaceChildren(list);
  }

  hit({ clause, part, at }, length) {
    const quote = part.text.slice(at, at + length);
    const made = element("li");
    const open = button("hit", "", () =>
      this.open("text", { clause: clause.id, quote, bullet: part.number }),
    );
    open.append(element("strong", "", `${capital(clause.place)}: ${clause.title}`));
    const line = open.appendChild(element("span"));
    const start = Math.max(0, at - AROUND);
    const after = part.text.slice(at + length, at + length + AROUND);
    line.append(start ? "…" : "", part.text.slice(start, at), element("mark", "", quote), after);
    if (at + length + AROUND < part.text.length) line.append("…");
    made.append(open);
    return made;
  }
}

function partsOf({ mark, heading, lead_in: leadIn, bullets }) {
  const opening = heading ? [{ mark, text: heading }] : [];
  const lead = leadIn ? [{ text: leadIn }] : [];
  return [...opening, ...lead, ...bullets];
}

function contents({ clauses }, open) {
  const list = element("ul", "contents");
  for (const clause of clauses) {
    const made = list.appendChild(element("li", `depth${clause.depth}`));
    const go = button("heading", "", () => open({ clause: clause.id, quote: "" }));
    if (clause.mark) go.append(element("span", "mark", clause.mark));
    go.append(element("span", "", clause.title));
    made.append(go);
  }
  return list;
}

function wholeText({ clauses }) {
  const text = element("div", "plan-text");
  for (const clause of clauses) {
    const section = text.appendChild(element("section", `depth${clause.depth}`));
    section.dataset.clause = clause.id;
    const { mark, heading, lead_in: leadIn, bullets } = clause;
    if (heading) {
      const made = section.appendChild(element(`h${Math.min(6, clause.depth + 3)}`));
      written(made, `${mark} ${heading}`.trim());
    }
    if (leadIn) written(section.appendChild(element("p")), leadIn);
    bullets.forEach((bullet, index) => {
      const made = section.appendChild(element("p", bullet.under ? "under" : ""));
      made.dataset.bullet = bullet.number;
      const marks = [!heading && !leadIn && index === 0 ? mark : "", bullet.mark];
      written(made, bullet.text, marks.filter(Boolean).join(" "));
    });
  }
  return text;
}

function written(target, text, mark = "") {
  target.text = text;
  target.mark = mark;
  if (mark) target.append(`${mark} `);
  withEmphasis(target, text);
}

// The part's own words that are quoted, or all of it where the quote holds more than this part.
function markIn(part, quote) {
  if (!part.text) return null;
  const at = part.text.indexOf(quote);
  const whole = at < 0 && quote.includes(part.text);
  if (at < 0 && !whole) return null;
  const [start, end] = whole ? [0, part.text.length] : [at, at + quote.length];
  const marked = withEmphasis(element("mark"), part.text.slice(start, end));
  part.replaceChildren(part.mark ? `${part.mark} ` : "");
  withEmphasis(part, part.text.slice(0, start));
  part.append(marked);
  withEmphasis(part, part.text.slice(end));
  return marked;
}

function timeline({ dates }, open) {
  const box = element("div", "timeline");
  box.append(axis(dates));
  const list = box.appendChild(element("ol"));
  const today = new Date().toISOString().slice(0, 10);
  for (const date of dates) {
    const made = list.appendChild(element("li"));
    made.append(element("strong", "", capital(date.when)));
    if (date.last < today) made.append(" ", element("span", "past", words.past));
    made.append(element("br"), date.label, " ");
    const go = button("place", date.place, () => open(date));
    go.setAttribute("aria-label", fill(words.open_clause, { text: date.place }));
    made.append(go);
  }
  return box;
}

// Years along a line; spans as bars below it, months as numbered dots, above one another when near.
function axis(dates) {
  const [width, side, line] = [340, 16, 66];
  const first = dates.map((date) => date.first).sort()[0].replace(/-.*/, "-01-01");
  const last = dates.map((date) => date.last).sort().at(-1).replace(/-.*/, "-12-31");
  const [start, end] = [Date.parse(first), Date.parse(last)];
  const x = (day) => side + ((Date.parse(day) - start) / (end - start)) * (width - 2 * side);
  const picture = drawing("svg", { viewBox: `0 0 ${width} 110`, role: "img", class: "axis" });
  const said = dates.map(({ when, label }) => `${capital(when)}: ${label}`).join(". ");
  picture.append(drawing("title", {}, `${words.timeline}. ${said}`));
  picture.append(drawing("line", { class: "axis-line", x1: side, x2: width - side, y1: line, y2: line }));
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year += 1) {
    const [from, to] = [x(`${year}-01-01`), Math.min(width - side, x(`${year + 1}-01-01`))];
    picture.append(drawing("line", { class: "axis-line", x1: from, x2: from, y1: line - 4, y2: line + 4 }));
    picture.append(drawing("text", { x: (from + to) / 2, y: line + 18, "text-anchor": "middle" }, String(year)));
  }
  let before = { x: -99, y: 0 };
  dates.forEach((date, index) => {
    const [from, to] = [x(date.first), x(date.last)];
    if (to - from > 40) {
      picture.append(drawing("rect", { class: "span", x: from, width: to - from, y: line + 26, height: 6, rx: 3 }));
      picture.append(...dot(from + 10, line + 29, index + 1));
      return;
    }
    const at = (from + to) / 2;
    const y = at - before.x < 24 ? before.y - 24 : line - 20;
    picture.append(drawing("line", { class: "stem", x1: at, x2: at, y1: y, y2: line }), ...dot(at, y, index + 1));
    before = { x: at, y };
  });
  const now = Date.now();
  if (now > start && now < end) {
    const at = x(new Date(now).toISOString().slice(0, 10));
    picture.append(drawing("line", { class: "today", x1: at, x2: at, y1: 6, y2: line + 6 }));
    picture.append(drawing("text", { x: at, y: 10, "text-anchor": "middle", class: "today" }, words.now));
  }
  return picture;
}

function dot(x, y, number) {
  const place = { x, y: y + 4, "text-anchor": "middle", class: "dot-number" };
  return [drawing("circle", { class: "dot", cx: x, cy: y, r: 10 }), drawing("text", place, String(number))];
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
