// The award questions' progress, the way back, and keys for figures as large as on a telephone.

import { button, element, fill, words } from "./dom.js";

export class Keypad {
  constructor(place, field, { onBack, onDone }) {
    this.place = place;
    this.field = field;
    this.onBack = onBack;
    this.onDone = onDone;
  }

  hide() {
    this.place.hidden = true;
    this.place.replaceChildren();
    this.field.inputMode = "text";
  }

  show(question) {
    this.place.replaceChildren(this.progress(question));
    const isFigure = question.entry !== "choice";
    if (isFigure) this.place.append(this.keys(question));
    this.field.inputMode = isFigure && matchMedia("(pointer: coarse)").matches ? "none" : "text";
    this.place.hidden = false;
  }

  progress({ n_answered: done, n_left: left, back }) {
    const row = element("div", "progress");
    if (back) {
      const made = button("round plain", "", () => this.onBack(back));
      made.append(element("span", "", "‹"));
      made.setAttribute("aria-label", words.back);
      made.title = words.back;
      row.append(made);
    }
    const text = left === null ? words.progress_first : fill(words.progress, { n: done, m: left });
    const box = row.appendChild(element("div"));
    box.append(element("p", "", text));
    const bar = box.appendChild(document.createElement("progress"));
    bar.max = done + (left ?? 6);
    bar.value = done;
    bar.setAttribute("aria-label", text);
    return row;
  }

  keys({ entry, unit }) {
    const keys = element("div", "keys");
    const fourth = { decimal: ",", list: ",", whole: "000" }[entry];
    for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", fourth, "0"]) {
      const made = button("key", key, () => this.type(key));
      if (key === ",") made.setAttribute("aria-label", words.entry_comma);
      keys.append(made);
    }
    const erase = button("key", "⌫", () => this.erase());
    erase.setAttribute("aria-label", words.entry_erase);
    keys.append(erase);
    if (entry === "list") keys.append(button("key next", words.entry_next, () => this.type(" | ")));
    const done = button("key done", unit ? `${words.entry_done} (${unit})` : words.entry_done, () => this.onDone());
    keys.append(done);
    return keys;
  }

  type(key) {
    this.field.value += key;
    this.field.dispatchEvent(new Event("input"));
  }

  erase() {
    this.field.value = this.field.value.slice(0, -1);
    this.field.dispatchEvent(new Event("input"));
  }
}
