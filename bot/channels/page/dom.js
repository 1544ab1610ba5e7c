// Making parts of the page. Words from people and from the server only ever become text
// (textContent), never markup.

const SVG = "http://www.w3.org/2000/svg";

export const words = JSON.parse(document.body.dataset.words);

export function fill(template, fields) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
}

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function button(className, text, onPress) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", onPress);
  return made;
}

export function drawing(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

// The text with "*emphasis*" in italics, by the same rule as in the other channels.
export function withEmphasis(target, text) {
  const add = (name, piece) => keepTogether(name ? target.appendChild(element(name)) : target, piece);
  const mark = /(?<![\p{L}\p{N}_*])(\*{1,2})(?=[^\s*])([^*\n]*[^*\s])\1(?![\p{L}\p{N}_*])/gu;
  let end = 0;
  for (const found of text.matchAll(mark)) {
    add("", text.slice(end, found.index));
    add("em", found[2]);
    end = found.index + found[0].length;
  }
  add("", text.slice(end));
  return target;
}

// "2021-2025" and "152/2025/NĐ-CP" are not broken at the end of a line.
function keepTogether(target, text) {
  let end = 0;
  for (const found of text.matchAll(/[^\s-]{1,16}-[^\s-]{1,12}/gu)) {
    target.append(text.slice(end, found.index), element("span", "whole", found[0]));
    end = found.index + found[0].length;
  }
  target.append(text.slice(end));
}

// Lower case without marks, letter by letter, so that a place in it is the same place in `text`.
export function bare(text) {
  return Array.from(text.normalize("NFC"), (letter) => {
    const plain = letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return plain === "đ" ? "d" : plain.padEnd(letter.length).slice(0, letter.length);
  }).join("");
}

export function stored(store, key, otherwise) {
  try {
    return JSON.parse(store.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(store, key, value) {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // full or forbidden: the page goes on, only reloading forgets it
  }
}
