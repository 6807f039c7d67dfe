// The boards.

import { bytes, byId, element, keyed, percent, setTerms, setText } from "./dom.js";
import { sparkline } from "./sparkline.js";

function sensors(now) {
  return now
    ? `${Math.round(now.temperatureCelsius)} °C, ${Math.round(now.powerWatts)} W of ${Math.round(now.powerLimitWatts)} W, `
      + `P${now.performanceState}, ${now.graphicsClockMhz} and ${now.memoryClockMhz} MHz`
    : "none";
}

function card(board) {
  const state = element("span", { className: "state" });
  const terms = element("dl");
  const spark = sparkline(`Load of ${board.name}`, ["graphics", "copy"]);
  const legend = element("p", { className: "legend" });
  const root = element("article", { className: "card", "aria-label": `Board ${board.name}` },
    element("div", { className: "head" }, element("h3", { textContent: board.name }), state),
    spark.root, legend, terms);
  return {
    root,
    update(now) {
      state.dataset.state = now.state;
      setText(state, now.reason ? `${now.state}: ${now.reason}` : now.state);
      const used = now.utilisation ?? {};
      spark.add({ graphics: used.graphicsPercent, copy: used.copyPercent });
      setText(legend, `graphics ${percent(used.graphicsPercent)}, copies ${percent(used.copyPercent)} (dashed)`);
      setTerms(terms, [
        ["GPU", `${now.product} (${now.chip})`],
        ["Memory", `${bytes(now.fbFreeBytes)} free of ${bytes(now.fbUsableBytes)}`],
        ["Functions", `${now.virtualFunctionsFree} free of ${now.virtualFunctions}`],
        ["Channels", `${now.channelsFree} free of ${now.channels}`],
        ["Sensors", sensors(now.sensors)],
        ["Scheduling", now.scheduling.policy],
        ["Core", `${now.core}, firmware ${now.firmware}`],
      ]);
    },
  };
}

/** Shows boards. */
export const showBoards = keyed(byId("boards"), (board) => board.name, card);
