// The page that plays calls, and the frames in it. stage.py makes the document: this text, and play(settings) at its end.
// Settings: lanes, how many tasks at once; settle, whether to wait for the console after a blocked call; role, "page" in
// the page itself, "frame" in a frame, which has no origin and is driven by messages.

"use strict";

async function byFetch(call) {
  const init = { method: call.method, mode: call.mode, credentials: call.credentials, redirect: call.redirect };
  init.headers = call.headers;
  if (call.body !== null) init.body = call.body;
  try {
    // Wrong arguments and a network error reject in the same way; this throws for the former only.
    new Request(call.url, init);
  } catch (error) {
    return { blocked: true, error: "threw: " + error };
  }
  let response;
  try {
    response = await fetch(call.url, init);
  } catch (error) {
    return { blocked: true, error: String(error) };
  }
  const { type, status, redirected, url } = response;
  const seen = { blocked: false, type, status, redirected, url, headers: [...response.headers], body: null };
  if (type === "opaque" || type === "opaqueredirect") return seen;
  try {
    seen.body = await response.text();
  } catch (error) {
    seen.error = "body: " + error;
  }
  return seen;
}

function byXhr(call) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    // Left at "", Firefox looks for XML in a body without a type, and complains in the console.
    xhr.responseType = "text";
    const blocked = (event) => resolve({ blocked: true, error: "XMLHttpRequest: " + event.type });
    xhr.onerror = xhr.onabort = xhr.ontimeout = blocked;
    xhr.onload = () => {
      const lines = xhr.getAllResponseHeaders().split("\r\n").filter((line) => line !== "");
      const headers = lines.map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]);
      resolve({ blocked: false, status: xhr.status, url: xhr.responseURL, headers, body: xhr.responseText });
    };
    try {
      xhr.open(call.method, call.url);
      xhr.withCredentials = call.credentials === "include";
      for (const [name, value] of call.headers) xhr.setRequestHeader(name, value);
      if (call.upload_listeners) xhr.upload.onprogress = () => {};
      xhr.send(call.body);
    } catch (error) {
      resolve({ blocked: true, error: "threw: " + error });
    }
  });
}

// A call that never ends must not hold up the others. The limit is far beyond what any exchange on this machine takes.
const SECONDS = 20;

function withinLimit(ending) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ blocked: true, error: `timeout: no end within ${SECONDS} seconds` }), SECONDS * 1000);
  });
  return Promise.race([ending, late]).finally(() => clearTimeout(timer));
}

// The marks are what marks.py reads to tell which line of the console belongs to which call.
async function playTask(task, settleAt) {
  const records = [];
  for (const [number, call] of task.calls.entries()) {
    console.log(`crossorigin: call ${number} of ${task.name}`);
    const record = await withinLimit(call.api === "xhr" ? byXhr(call) : byFetch(call));
    records.push(record);
    // An XMLHttpRequest tells script first, and the console then.
    if (call.api === "xhr") await new Promise((resolve) => setTimeout(resolve));
    // Where the reason takes its time to the console, one more exchange over the network lets it come first.
    if (record.blocked && settleAt) await fetch(settleAt, { mode: "no-cors" });
  }
  console.log(`crossorigin: end of ${task.name}`);
  return records;
}

const frames = {};

// A frame without an origin of its own, ready to take tasks. Both kinds run this same text.
function frameOf(kind) {
  frames[kind] ??= new Promise((resolve) => {
    const text = document.getElementById("play").textContent;
    const document_ = `<!doctype html><meta charset="utf-8"><script id="play">${text}<\/script>` +
      `<script>play({"role": "frame"})<\/script>`;
    const frame = document.createElement("iframe");
    frame.onload = () => resolve(frame.contentWindow);
    if (kind === "data") {
      frame.src = "data:text/html;charset=utf-8," + encodeURIComponent(document_);
    } else {
      frame.sandbox = "allow-scripts";
      frame.srcdoc = document_;
    }
    document.body.append(frame);
  });
  return frames[kind];
}

async function inFrame(task, settleAt) {
  const frame = await frameOf(task.frame);
  return new Promise((resolve) => {
    const take = (event) => {
      if (event.source !== frame || event.data.name !== task.name) return;
      removeEventListener("message", take);
      resolve(event.data.records);
    };
    addEventListener("message", take);
    frame.postMessage({ task, settleAt }, "*");
  });
}

async function playBatch(batch, settings) {
  const settleAt = settings.settle ? new URL("/settle", location).href : "";
  const left = batch.tasks.values();
  const done = [];
  const lane = async () => {
    for (const task of left) {
      const records = await (task.frame === "page" ? playTask : inFrame)(task, settleAt);
      done.push({ name: task.name, records });
    }
  };
  await Promise.all(Array.from({ length: settings.lanes }, lane));
  await fetch("/done", { method: "POST", body: JSON.stringify(done) });
  console.log(`crossorigin: end of batch ${batch.number}`);
}

async function play(settings) {
  if (settings.role === "frame") {
    addEventListener("message", async (event) => {
      const { task, settleAt } = event.data;
      event.source.postMessage({ name: task.name, records: await playTask(task, settleAt) }, "*");
    });
    return;
  }
  for (let pause = 10; ; pause = Math.min(2 * pause, 200)) {
    let batch;
    try {
      batch = await (await fetch("/todo")).json();
    } catch {
      // The page is being left. An uncaught error would be one more line in the console.
      return;
    }
    if (batch.tasks.length > 0) {
      await playBatch(batch, settings);
      pause = 10;
    } else {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
