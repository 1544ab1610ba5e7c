// Verdicts as a picture: for each award a bar with its threshold, where the unit stands, and what
// is missing. Every picture says the same in words.

import { button, drawing, element, fill, words } from "./dom.js";

const SIGNS = { met: "✓", not_met: "✕", undecided: "?" };
const ROOM = 1.15; // of a scale, beyond the largest number on it

const numbers = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2 });

export function verdictCards(verdicts, openClause) {
  const list = element("div", "verdicts");
  for (const verdict of verdicts) list.append(card(verdict, openClause));
  return list;
}

function card(verdict, openClause) {
  const made = element("section", `verdict ${verdict.verdict}`);
  const title = made.appendChild(element("h2"));
  const sign = title.appendChild(element("span", "sign", SIGNS[verdict.verdict]));
  sign.setAttribute("aria-hidden", "true");
  title.append(element("span", "", verdict.label));
  made.append(element("p", "badge", verdict.words));
  for (const gauge of verdict.gauges) made.append(line(gauge, openClause));
  if (verdict.note) made.append(element("p", "gauge-text", verdict.note));
  for (const kind of ["missing", "awaiting"]) {
    if (!verdict[kind].length) continue;
    const text = verdict[kind].join("; ");
    made.append(element("p", kind, fill(words[kind], { text })));
  }
  return made;
}

function line(gauge, openClause) {
  const made = element("div", `gauge ${gauge.truth}`);
  if (gauge.threshold !== null) made.append(bar(gauge));
  const text = made.appendChild(element("p", "gauge-text"));
  if (gauge.threshold === null) {
    const sign = text.appendChild(element("span", "sign", SIGNS[gauge.truth]));
    sign.setAttribute("aria-hidden", "true");
  }
  text.append(gauge.text, " ");
  const place = button("place", gauge.citation.place, () => openClause(gauge.citation));
  place.setAttribute("aria-label", fill(words.open_clause, { text: gauge.citation.place }));
  text.append(place);
  return made;
}

function bar({ value, threshold, unit, truth }) {
  const most = Math.max(value ?? 0, threshold);
  const scale = unit === "percent" && most <= 95 ? 100 : most * ROOM || 1;
  const at = (number) => `${Math.max(0, Math.min(100, (number / scale) * 100)).toFixed(2)}%`;
  const written = (number) =>
    number === null ? "?" : numbers.format(number) + (unit === "percent" ? "%" : "");
  const picture = drawing("svg", { class: "bar-picture", height: value === null ? 34 : 46, role: "img" });
  const said = fill(words.verdict_picture, { n: written(value), m: written(threshold) });
  picture.append(drawing("title", {}, said));
  picture.append(drawing("rect", { class: "track", x: 0, y: 18, width: "100%", height: 12, rx: 6 }));
  if (value !== null) {
    const length = { class: `level ${truth}`, x: 0, y: 18, width: at(value), height: 12, rx: 6 };
    picture.append(drawing("rect", length));
  }
  const right = threshold / scale > 0.5;
  picture.append(drawing("line", { class: "mark", x1: at(threshold), x2: at(threshold), y1: 8, y2: 36 }));
  picture.append(label(written(threshold), at(threshold), 12, right ? "end" : "start", "", right ? -6 : 6));
  if (value !== null) {
    const anchor = value / scale > 0.5 ? "end" : "start";
    picture.append(label(written(value), at(value), 44, anchor, "mine", 0));
  }
  return picture;
}

function label(text, x, y, anchor, className, dx) {
  const place = { class: `number ${className}`, x, y, "text-anchor": anchor, dx };
  return drawing("text", place, text);
}
