// The line to the server: one message after the other; without a connection they wait and are
// sent when it is back. Each message has a name of its own, so that one sent twice counts once.

import { keep, stored, words } from "./dom.js";

const QUEUE = "queue"; // of this tab, so that reloading the page loses no message
const RETRY_SECONDS = [1, 2, 4, 8, 15];
const GONE = new Set([502, 503, 504]); // a server in front of ours cannot reach it
const ANSWER_SECONDS = 120;

let token = document.body.dataset.token;

export class Line {
  // `onStart`, `onReply`, `onWait` get the job; `onConnection` gets whether there is one.
  constructor({ onStart, onReply, onWait, onConnection }) {
    this.handlers = { onStart, onReply, onWait, onConnection };
    this.queue = stored(sessionStorage, QUEUE, []);
    this.busy = false;
    this.failures = 0;
    addEventListener("online", () => this.pump());
    addEventListener("offline", () => this.lost());
  }

  get waiting() {
    return this.queue;
  }

  send(message, file = null) {
    const job = { id: name(), message, file };
    this.queue.push(job);
    this.save();
    this.pump();
    return job;
  }

  save() {
    keep(sessionStorage, QUEUE, this.queue.filter((job) => !job.file));
  }

  async pump() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    while (this.queue.length) {
      const job = this.queue[0];
      this.handlers.onStart(job);
      const reply = await attempt(job);
      if (reply === null && !job.file) {
        this.busy = false;
        this.lost();
        return;
      }
      if (reply !== null) this.found();
      this.queue.shift();
      this.save();
      this.handlers.onReply(job, reply ?? { error: words.file_offline });
    }
    this.busy = false;
  }

  found() {
    this.failures = 0;
    this.handlers.onConnection(true);
  }

  lost() {
    if (this.busy) return;
    this.handlers.onConnection(false);
    for (const job of this.queue) this.handlers.onWait(job);
    const seconds = RETRY_SECONDS[Math.min(this.failures, RETRY_SECONDS.length - 1)];
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), seconds * 1000);
  }

  async retry() {
    if (this.queue.length) return this.pump();
    const answer = await request("/healthz");
    return answer ? this.found() : this.lost();
  }
}

// The reply, an {error} to show, or null without a connection.
async function attempt(job) {
  let answer = await post(job);
  if (answer?.status === 403 && (await renewToken())) answer = await post(job);
  if (!answer) return null;
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

function post({ id, message, file }) {
  const headers = { "x-page-token": token };
  if (file) {
    const path = `/api/file?name=${encodeURIComponent(file.name)}`;
    return request(path, { method: "POST", headers, body: file });
  }
  headers["content-type"] = "application/json";
  return request("/api/turn", { method: "POST", headers, body: JSON.stringify({ id, ...message }) });
}

async function renewToken() {
  const answer = await request("/api/session");
  if (!answer?.ok) return false;
  token = (await answer.json()).token;
  return true;
}

async function request(path, options = {}) {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), ANSWER_SECONDS * 1000);
  try {
    const answer = await fetch(path, { ...options, signal: given.signal });
    return GONE.has(answer.status) ? null : answer;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function name() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
