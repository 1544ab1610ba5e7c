// The chat: sends turns one after the other, shows replies. Words from people and from the
// server only ever become text of the page (textContent), never markup.

const talk = document.getElementById("talk");
const composer = document.getElementById("composer");
const words = document.getElementById("words");
const { offline, preparing } = document.body.dataset;
const HISTORY = "history"; // of this tab alone, so that reloading the page keeps the conversation
const MAX_HISTORY = 60;
const OWN_MARK = /^(?:[☐☑✓✔✗✘•+–-]|[\p{L}\p{N}_]{1,3}[.)]\s)/u; // as in the other channels

let history = readHistory();
let waiting = Promise.resolve();
let hasAnswered = history.length > 0;

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// The text with "*emphasis*" in italics, by the same rule as in the other channels.
function withEmphasis(target, text) {
  const mark = /(?<![\p{L}\p{N}_*])(\*{1,2})(?=[^\s*])([^*\n]*[^*\s])\1(?![\p{L}\p{N}_*])/gu;
  let end = 0;
  for (const found of text.matchAll(mark)) {
    target.append(text.slice(end, found.index), element("em", "", found[2]));
    end = found.index + found[0].length;
  }
  target.append(text.slice(end));
  return target;
}

function addBlock(bubble, { kind, text }) {
  const last = bubble.lastElementChild;
  if (kind === "item") {
    const list = last?.tagName === "UL" ? last : bubble.appendChild(element("ul"));
    list.append(withEmphasis(element("li", OWN_MARK.test(text) ? "marked" : ""), text));
  } else if (kind === "quote") {
    const card = bubble.appendChild(element("figure"));
    card.append(withEmphasis(element("blockquote"), text));
  } else if (kind === "source") {
    const isCard = last?.tagName === "FIGURE" && !last.querySelector("figcaption");
    const card = isCard ? last : bubble.appendChild(element("figure"));
    card.append(withEmphasis(element("figcaption"), text));
  } else {
    const name = kind === "heading" ? "h2" : "p";
    bubble.append(withEmphasis(element(name, kind === "notice" ? "notice" : ""), text));
  }
}

function addFile({ name, content }) {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const link = element("a", "file", `⬇ ${name}`);
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  talk.append(link);
}

function addChips(rows) {
  const chips = element("div", "chips");
  for (const row of rows) {
    const line = chips.appendChild(element("div"));
    for (const { label, action } of row) {
      const chip = line.appendChild(element("button", "", label));
      chip.type = "button";
      chip.addEventListener("click", () => {
        say(label, { action });
        words.focus({ preventScroll: true });
      });
    }
  }
  if (rows.length) talk.append(chips);
}

function showMine(text) {
  for (const old of talk.querySelectorAll(".chips")) old.remove(); // they belong to an older turn
  talk.append(element("div", "bubble mine", text));
  talk.scrollTop = talk.scrollHeight;
}

function showReply(reply) {
  const bubble = element("div", "bubble");
  for (const block of reply.blocks) addBlock(bubble, block);
  if (bubble.childNodes.length) talk.append(bubble);
  reply.attachments.forEach(addFile);
  addChips(reply.buttons);
  talk.scrollTop = talk.scrollHeight;
  if (bubble.offsetHeight > talk.clientHeight * 0.8) bubble.scrollIntoView({ block: "start" });
}

function showDots() {
  const dots = element("div", "bubble dots");
  dots.append(element("i"), element("i"), element("i"));
  talk.append(dots);
  talk.scrollTop = talk.scrollHeight;
  const slow = setTimeout(() => {
    if (!hasAnswered) dots.append(element("span", "", preparing));
  }, 1500);
  return () => {
    clearTimeout(slow);
    dots.remove();
  };
}

async function turn(message) {
  const hideDots = showDots();
  let reply;
  try {
    const response = await fetch("/api/turn", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    reply = await response.json();
  } catch {
    reply = { error: offline, isOffline: true };
  }
  hideDots();
  if (reply.error) {
    talk.append(element("div", "bubble alert", reply.error));
    talk.scrollTop = talk.scrollHeight;
    if (reply.isOffline && message.text && !message.text.startsWith("/") && !words.value) {
      words.value = message.text; // what did not get through is there to send again
    }
    return;
  }
  hasAnswered = true;
  showReply(reply);
  remember({ reply });
}

function say(shown, message) {
  showMine(shown);
  remember({ mine: shown });
  const send = () => turn(message);
  waiting = waiting.then(send, send);
}

function remember(entry) {
  history = [...history, entry].slice(-MAX_HISTORY);
  try {
    sessionStorage.setItem(HISTORY, JSON.stringify(history));
  } catch {
    // full or forbidden: the conversation goes on, only reloading forgets it
  }
}

function readHistory() {
  try {
    return JSON.parse(sessionStorage.getItem(HISTORY)) ?? [];
  } catch {
    return [];
  }
}

function grow() {
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight + 2}px`;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  grow();
  say(text, { text });
  words.focus();
});

words.addEventListener("input", grow);
words.addEventListener("keydown", (event) => {
  // isComposing: Enter that only finishes a word of an input method does not send
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

for (const entry of history) {
  if (entry.reply) showReply(entry.reply);
  else showMine(entry.mine);
}
if (!history.length) waiting = turn({ text: "/start" });
if (matchMedia("(hover: hover)").matches) words.focus(); // a phone's keyboard would hide the page
