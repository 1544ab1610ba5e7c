// The chat: puts the parts of the page together.

import { element, fill, keep, stored, words } from "./dom.js";
import { Keypad } from "./keypad.js";
import { Line } from "./line.js";
import { PlanPanel } from "./plan.js";
import { Talk } from "./talk.js";

const HISTORY = "history"; // of this tab alone, so that reloading the page keeps the conversation
const MAX_HISTORY = 60;
const MAX_FILE_BYTES = 5 * 1024 * 1024;
const SLOW_MILLISECONDS = 700;

const part = (id) => document.getElementById(id);
const field = part("words");
const composer = part("composer");
const tools = part("tools");
const more = part("more");
const connection = part("connection");

let history = stored(sessionStorage, HISTORY, []);
let hasAnswered = history.some((entry) => entry.reply);
let hideDots = () => {};
const bubbles = new Map(); // of messages that are on their way, by the name of their turn

const panel = new PlanPanel({
  dialog: part("panel"),
  title: part("panel-title"),
  chooser: part("chooser"),
  views: part("panel-views"),
  search: part("search"),
  found: part("found"),
  body: part("panel-body"),
});

const talk = new Talk(part("talk"), {
  onChip: (label, action) => say(label, { action }),
  openClause: (cited) => panel.open("text", cited),
});

const keypad = new Keypad(part("keypad"), field, {
  onBack: (action) => say(words.back, { action }),
  onDone: () => composer.requestSubmit(),
});

const line = new Line({
  onStart(job) {
    const bubble = bubbles.get(job.id);
    if (bubble) talk.waits(bubble, false);
    hideDots();
    hideDots = showDots();
  },
  onReply(job, reply) {
    hideDots();
    bubbles.delete(job.id);
    if (reply.error) {
      talk.alert(reply.error);
      return;
    }
    hasAnswered = true;
    const at = Date.now();
    talk.reply(reply, at);
    showQuestion(reply);
    remember({ reply, at });
  },
  onWait(job) {
    hideDots();
    const bubble = bubbles.get(job.id);
    if (bubble) talk.waits(bubble, true);
  },
  onConnection(isThere) {
    document.body.classList.toggle("is-offline", !isThere);
    const text = isThere ? "" : words.offline;
    if (connection.textContent !== text) connection.textContent = text;
  },
});

function showDots() {
  const dots = talk.dots();
  const slow = setTimeout(() => {
    if (!hasAnswered) dots.append(element("span", "", words.preparing));
  }, SLOW_MILLISECONDS);
  return () => {
    clearTimeout(slow);
    dots.remove();
  };
}

function showQuestion(reply) {
  if (reply.question) keypad.show(reply.question);
  else keypad.hide();
  talk.reveal();
}

function say(shown, message) {
  const at = Date.now();
  const bubble = talk.mine(shown, at);
  keypad.hide();
  closeTools();
  const job = line.send(message);
  bubbles.set(job.id, bubble);
  remember({ mine: shown, at, id: job.id });
  // what was pressed is gone; a phone's keyboard would hide the answer
  const next = matchMedia("(hover: hover)").matches ? field : part("talk");
  next.classList.add("placed"); // nobody moved the focus there
  next.focus({ preventScroll: true });
}

function sendFile(file) {
  closeTools();
  talk.mine(fill(words.sent_file, { text: file.name }));
  if (file.size > MAX_FILE_BYTES) talk.alert(words.file_too_big);
  else line.send({}, file);
}

function remember(entry) {
  history = [...history, entry].slice(-MAX_HISTORY);
  keep(sessionStorage, HISTORY, history);
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

function closeTools() {
  tools.hidden = true;
  more.setAttribute("aria-expanded", "false");
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow();
  say(text, { text });
});

part("talk").addEventListener("blur", ({ target }) => target.classList.remove("placed"));
field.addEventListener("input", grow);
field.addEventListener("keydown", (event) => {
  // isComposing: Enter that only finishes a word of an input method does not send
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

more.addEventListener("click", () => {
  tools.hidden = !tools.hidden;
  more.setAttribute("aria-expanded", String(!tools.hidden));
  if (!tools.hidden) tools.querySelector("button").focus();
});
tools.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeTools();
  more.focus();
});
for (const tool of tools.querySelectorAll("[data-say]")) {
  tool.addEventListener("click", () => say(tool.textContent, { text: tool.dataset.say }));
}
part("tool-file").addEventListener("click", () => part("file").click());
part("file").addEventListener("change", ({ target }) => {
  if (target.files.length) sendFile(target.files[0]);
  target.value = "";
});
for (const [id, view] of [
  ["open-plan", "contents"],
  ["tool-plan", "contents"],
  ["tool-dates", "dates"],
]) {
  part(id).addEventListener("click", () => {
    closeTools();
    panel.open(view);
  });
}
part("panel-close").addEventListener("click", () => panel.close());

for (const entry of history) {
  if (entry.reply) talk.reply(entry.reply, entry.at);
  else bubbles.set(entry.id, talk.mine(entry.mine, entry.at));
}
const last = history.at(-1)?.reply;
if (last) showQuestion(last);
if (!history.length && !line.waiting.length) line.send({ text: "/start" });
else line.pump();
if (matchMedia("(hover: hover)").matches) field.focus(); // a phone's keyboard would hide the page
