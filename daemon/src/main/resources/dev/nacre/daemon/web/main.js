// The page: asks the daemon every two seconds while somebody looks, and at once when something has happened.

import { follow, get, hasToken, setToken, takeToken } from "./api.js";
import { showBoards } from "./boards.js";
import { byId, setText } from "./dom.js";
import { addEvent } from "./events.js";
import { showTypes, vgpus } from "./vgpus.js";

const PAUSE_MS = 2000;
const SOON_MS = 100;
const status = byId("status");
const tokenForm = byId("token-form");
let timer = 0;
let refreshing = false;
let version = "";

function soon() {
  plan(SOON_MS);
}

function plan(pauseMs) {
  clearTimeout(timer);
  timer = setTimeout(refresh, pauseMs);
}

const showVgpus = vgpus(soon);

async function refresh() {
  if (document.hidden || refreshing) {
    plan(PAUSE_MS);
    return;
  }
  refreshing = true;
  try {
    version ||= (await get("/v1/version")).version;
    const [{ boards }, all] = await Promise.all([get("/v1/boards"), get("/v1/vgpus")]);
    showBoards(boards);
    showVgpus(all.vgpus);
    await showTypes(boards);
    leaveTokenForm();
    setText(status, `nacred ${version}`);
  } catch (problem) {
    trouble(problem);
  } finally {
    refreshing = false;
  }
  plan(PAUSE_MS);
}

/** Hides the form; who was in it goes on with what it has opened. */
function leaveTokenForm() {
  if (tokenForm.contains(document.activeElement)) {
    byId("boards").focus();
  }
  tokenForm.hidden = true;
}

function trouble(problem) {
  if (problem.status !== 401) {
    setText(status, `No answer: ${problem.message}`);
    return;
  }
  setText(status, hasToken() ? "The daemon refuses this token" : "The daemon wants a token");
  if (tokenForm.hidden) {
    tokenForm.hidden = false;
    byId("token").focus();
  }
}

tokenForm.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  setToken(byId("token").value);
  soon();
});
document.addEventListener("visibilitychange", soon);

takeToken();
refresh();
follow((event) => {
  addEvent(event);
  soon();
}, () => {});
