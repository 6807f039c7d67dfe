// The boards.

import { bytes, byId, element, keyed, percent, setTerms, setText } from "./dom.js";
import { screensOf } from "./screens.js";
import { sparkline } from "./sparkline.js";

function sensors(now) {
  return now
    ? `${Math.round(now.temperatureCelsius)} °C, ${Math.round(now.powerWatts)} W of ${Math.round(now.powerLimitWatts)} W, `
      + `P${now.performanceState}, ${now.graphicsClockMhz} and ${now.memoryClockMhz}\u00a0MHz`
    : "none";
}

const PROGRAMS_NOTE = "This is for looking only. Programs take their input from the host.";

/** What is told of a board of any kind, also of one that is lost. */
function itself(now) {
  return [["GPU", `${now.product} (${now.chip})`], ["Core", `${now.core}, firmware ${now.firmware}`]];
}

/** What is told of a board that virtual GPUs share. */
function shared(now) {
  return [
    ["Memory", `${bytes(now.fbFreeBytes)} free of ${bytes(now.fbUsableBytes)}`],
    ["Functions", `${now.virtualFunctionsFree} free of ${now.virtualFunctions}`],
    ["Channels", `${now.channelsFree} free of ${now.channels}`],
    ["Sensors", sensors(now.sensors)],
    ["Scheduling", now.scheduling.policy],
  ];
}

/** What is told of a board that programs of the host use. */
function ofPrograms(now) {
  return [
    ["Memory", bytes(now.fbUsableBytes)],
    ["Programs", `${now.driver}, ${now.files} open file${now.files === 1 ? "" : "s"}`],
    ["Sensors", sensors(now.sensors)],
    ["Folder", now.sockets],
  ];
}

function card(board) {
  const state = element("span", { className: "state" });
  const terms = element("dl");
  const screens = screensOf(board.name, PROGRAMS_NOTE);
  const spark = sparkline(`Load of ${board.name}`, ["graphics", "copy"]);
  const legend = element("p", { className: "legend" });
  const root = element("article", { className: "card", "aria-label": `Board ${board.name}` },
    element("div", { className: "head" }, element("h3", { textContent: board.name }), state),
    screens.root, spark.root, legend, terms);
  return {
    root,
    update(now) {
      state.dataset.state = now.state;
      setText(state, now.reason ? `${now.state}: ${now.reason}` : now.state);
      const used = now.utilisation ?? {};
      spark.add({ graphics: used.graphicsPercent, copy: used.copyPercent });
      setText(legend, `graphics ${percent(used.graphicsPercent)}, copies ${percent(used.copyPercent)} (dashed)`);
      screens.show(now.heads);
      const running = now.client === "drm" ? ofPrograms(now) : shared(now);
      setTerms(terms, [...itself(now), ...(now.state === "lost" ? [] : running)]);
    },
    remove() {
      screens.show([]);
    },
  };
}

/** Shows boards. */
export const showBoards = keyed(byId("boards"), (board) => board.name, card);
