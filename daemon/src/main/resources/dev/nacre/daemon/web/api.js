// The daemon's API.

const TOKEN = "nacre-token";

/** What the daemon refused; `code` is for programs. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `The daemon answered ${status}`);
    this.status = status;
    this.code = body.code ?? "failed";
  }
}

let token = sessionStorage.getItem(TOKEN) ?? "";

/** Takes the token out of the address's fragment, if one is there, and removes it from what the browser shows. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    setToken(given);
    history.replaceState(null, "", location.pathname);
  }
}

export function setToken(value) {
  token = value.trim();
  sessionStorage.setItem(TOKEN, token);
}

/** Whether there is a token, right or wrong. */
export function hasToken() {
  return token !== "";
}

function headers(more = {}) {
  return token ? { ...more, Authorization: `Bearer ${token}` } : more;
}

async function answered(path, options = {}) {
  const response = await fetch(path, {
    ...options, headers: headers(options.headers), cache: "no-store", credentials: "omit",
  });
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new Problem(response.status, body);
  }
  return response;
}

export async function get(path) {
  return (await answered(path)).json();
}

export async function getBlob(path) {
  return (await answered(path)).blob();
}

export async function post(path, body) {
  const options = { method: "POST" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  await answered(path, options);
}

export async function remove(path) {
  await answered(path, { method: "DELETE" });
}

/** The path of a virtual GPU. */
export function vgpuPath(name) {
  return `/v1/vgpus/${encodeURIComponent(name)}`;
}

/** What a WebSocket to the daemon needs: its address, and protocols that carry the token. */
export function socket(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const protocols = ["binary"];
  if (token) {
    const bytes = new TextEncoder().encode(token);
    const base64 = btoa(String.fromCharCode(...bytes));
    protocols.push(`bearer.${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`);
  }
  return { url: url.href, protocols };
}

/** Follows the events for ever: a stream that ends is taken up again where it ended. */
export async function follow(onEvent, onState) {
  let last = "0";
  for (;;) {
    try {
      const response = await answered("/v1/events", { headers: { "Last-Event-ID": last, Accept: "text/event-stream" } });
      onState(true);
      for await (const message of messages(response.body)) {
        last = message.id ?? last;
        if (message.data) {
          onEvent(JSON.parse(message.data));
        }
      }
    } catch (problem) {
      onState(false, problem);
    }
    await new Promise((done) => setTimeout(done, 2000));
  }
}

/** The messages of a stream of server-sent events. */
async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  let message = {};
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    held += value;
    const lines = held.split(/\r\n|\n|\r/);
    held = lines.pop();
    for (const line of lines) {
      const [, field, text] = /^([^:]*):? ?(.*)$/.exec(line);
      if (line === "") {
        yield message;
        message = {};
      } else if (field === "data") {
        message.data = message.data === undefined ? text : `${message.data}\n${text}`;
      } else if (field === "id") {
        message.id = text;
      }
    }
  }
}
