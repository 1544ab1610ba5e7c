// The conversation as it is seen: bubbles with their times, citations, files, chips, lists to tick.

import { button, element, fill, keep, stored, withEmphasis, words } from "./dom.js";
import { verdictCards } from "./verdicts.js";

const OWN_MARK = /^(?:[☐☑✓✔✗✘•+–-]|[\p{L}\p{N}_]{1,3}[.)]\s)/u; // as in the other channels
const BOX = /^☐\s*/u;
const ABOVE = 8; // pixels left free above a reply too long to be seen whole
const TICKS = "ticks"; // of this device, until it is cleared
const hours = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat("vi-VN", {
  weekday: "long",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
});

export class Talk {
  constructor(place, { onChip, openClause }) {
    this.place = place;
    this.onChip = onChip;
    this.openClause = openClause;
    this.lastDay = "";
  }

  mine(text, at = Date.now()) {
    for (const old of this.place.querySelectorAll(".chips")) old.remove(); // of an older turn
    this.day(at);
    const bubble = element("div", "bubble mine");
    bubble.append(speaker(words.you), element("p", "", text), time(at));
    this.place.append(bubble);
    this.toEnd();
    return bubble;
  }

  waits(bubble, isWaiting) {
    bubble.querySelector(".queued")?.remove();
    if (isWaiting) bubble.append(element("p", "queued", `🕓 ${words.queued}`));
  }

  alert(text) {
    this.place.append(element("div", "bubble alert", text));
    this.toEnd();
  }

  reply(reply, at = Date.now()) {
    this.day(at);
    const bubble = element("div", "bubble");
    bubble.append(speaker(words.assistant));
    this.body(bubble, reply);
    for (const file of reply.attachments) bubble.append(fileLink(file));
    bubble.append(time(at));
    this.place.append(bubble);
    if (reply.buttons.length) this.place.append(this.chips(reply.buttons));
    this.reveal();
  }

  // The end of the conversation, unless that would hide where its last reply begins.
  reveal() {
    this.toEnd();
    const last = [...this.place.querySelectorAll(".bubble")].at(-1);
    const above = last.getBoundingClientRect().top - this.place.getBoundingClientRect().top;
    if (above < 0) this.place.scrollTop += above - ABOVE;
  }

  body(bubble, reply) {
    const unused = new Set(reply.citations);
    let reasons = null;
    if (reply.verdicts) bubble.append(verdictCards(reply.verdicts, this.openClause)); // at a glance
    for (const block of reply.blocks) {
      if (block.is_drawn && reply.verdicts) {
        reasons ??= bubble.appendChild(folded(words.reasons));
        this.block(reasons, block, reply, unused);
      } else {
        this.block(bubble, block, reply, unused);
      }
    }
    for (const figure of bubble.querySelectorAll("figure")) this.opener(figure);
    if (bubble.querySelector("input")) this.checklist(bubble);
    if (unused.size && reply.citations.length > 1) this.citations(bubble, [...unused]);
  }

  block(target, block, reply, unused) {
    const { kind, text } = block;
    const last = target.lastElementChild;
    if (kind === "item") {
      const list = last?.tagName === "UL" ? last : target.appendChild(element("ul"));
      list.append(block.tick ? tickable(block) : entry(text));
    } else if (kind === "quote") {
      const card = target.appendChild(element("figure", "citation"));
      card.append(withEmphasis(element("blockquote"), text));
      card.cited = citationOf(text, reply.citations);
      unused.delete(card.cited);
    } else if (kind === "source") {
      const isCard = last?.tagName === "FIGURE" && !last.querySelector("figcaption");
      const card = isCard ? last : target.appendChild(element("figure", "citation"));
      card.append(withEmphasis(element("figcaption"), text));
    } else {
      const name = kind === "heading" ? "h2" : "p";
      target.append(withEmphasis(element(name, kind === "notice" ? "notice" : ""), text));
    }
  }

  // A card with a citation can be pressed as a whole; the keyboard finds a button in it.
  opener(figure) {
    const { cited } = figure;
    if (!cited) return;
    const text = fill(words.open_clause, { text: cited.place });
    const open = button("open", `${text} ›`, () => this.openClause(cited));
    figure.append(open);
    figure.classList.add("pressable");
    figure.addEventListener("click", ({ target }) => {
      const isReading = String(getSelection()).length > 0;
      if (target !== open && !isReading) this.openClause(cited);
    });
  }

  citations(bubble, citations) {
    const list = folded(fill(words.citations, { n: citations.length }));
    for (const cited of citations) {
      const card = list.appendChild(element("figure", "citation"));
      card.append(withEmphasis(element("blockquote"), cited.quote));
      card.cited = cited;
      this.opener(card);
    }
    bubble.append(list);
  }

  checklist(bubble) {
    const boxes = [...bubble.querySelectorAll("input")];
    const count = bubble.appendChild(element("p", "ticked"));
    const update = () => {
      const n = boxes.filter((box) => box.checked).length;
      count.textContent = fill(words.ticked, { n, m: boxes.length });
    };
    bubble.addEventListener("change", update);
    update();
    bubble.append(button("file", words.print, () => printOnly(bubble)));
  }

  chips(rows) {
    const chips = element("div", "chips");
    for (const row of rows) {
      const line = chips.appendChild(element("div"));
      for (const { label, action } of row) {
        line.append(button("", label, () => this.onChip(label, action)));
      }
    }
    return chips;
  }

  dots() {
    const dots = element("div", "bubble dots");
    dots.append(element("i"), element("i"), element("i"));
    this.place.append(dots);
    this.toEnd();
    return dots;
  }

  day(at) {
    const day = new Date(at).toDateString();
    if (day === this.lastDay) return;
    this.lastDay = day;
    this.place.append(element("p", "day", dayName(at)));
  }

  toEnd() {
    this.place.scrollTop = this.place.scrollHeight;
  }
}

function dayName(at) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  const day = new Date(at).toDateString();
  if (day === today.toDateString()) return words.today;
  if (day === yesterday.toDateString()) return words.yesterday;
  return days.format(at);
}

function time(at) {
  const made = element("time", "time", hours.format(at));
  made.dateTime = new Date(at).toISOString();
  return made;
}

function speaker(name) {
  return element("span", "unseen", `${name}: `);
}

function entry(text) {
  return withEmphasis(element("li", OWN_MARK.test(text) ? "marked" : ""), text);
}

function tickable({ text, tick }) {
  const made = element("li", "tick");
  const label = made.appendChild(element("label"));
  const box = label.appendChild(document.createElement("input"));
  box.type = "checkbox";
  box.checked = Boolean(stored(localStorage, TICKS, {})[tick]);
  box.addEventListener("change", () => {
    const { [tick]: _, ...others } = stored(localStorage, TICKS, {});
    keep(localStorage, TICKS, box.checked ? { ...others, [tick]: true } : others);
  });
  label.append(withEmphasis(element("span"), text.replace(BOX, "")));
  return made;
}

// A quote may be one part of what a citation quotes, as where a whole clause is shown.
function citationOf(text, citations) {
  return citations.find(({ quote }) => quote === text) ?? citations.find(({ quote }) => quote.includes(text));
}

function folded(title) {
  const made = element("details");
  made.append(element("summary", "", title));
  return made;
}

function fileLink({ name, content }) {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const link = element("a", "file", fill(words.results_saved, { text: name }));
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  return link;
}

function printOnly(bubble) {
  bubble.classList.add("printed");
  document.body.classList.add("prints-one");
  addEventListener(
    "afterprint",
    () => {
      bubble.classList.remove("printed");
      document.body.classList.remove("prints-one");
    },
    { once: true },
  );
  print();
}
