// The page: asks the daemon every two seconds while somebody looks, and at once when something has happened.

import { follow, get, setToken, takeToken } from "./api.js";
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
    tokenForm.hidden = true;
    setText(status, `nacred ${version}`);
  } catch (problem) {
    trouble(problem);
  } finally {
    refreshing = false;
  }
  plan(PAUSE_MS);
}

function trouble(problem) {
  if (problem.status === 401 && tokenForm.hidden) {
    tokenForm.hidden = false;
    byId("token").focus();
  }
  setText(status, problem.status === 401 ? "The daemon wants a token" : `No answer: ${problem.message}`);
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
