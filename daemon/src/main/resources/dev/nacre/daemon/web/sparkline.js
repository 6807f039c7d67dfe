// A line of the last minutes of some shares.

const POINTS = 60;
const SVG = "http://www.w3.org/2000/svg";

/** Makes a line for each of some names; `add` takes a share of 0 to 100 for each. */
export function sparkline(label, names) {
  const root = document.createElementNS(SVG, "svg");
  root.setAttribute("class", "spark");
  root.setAttribute("viewBox", `0 0 ${POINTS - 1} 100`);
  root.setAttribute("preserveAspectRatio", "none");
  root.setAttribute("role", "img");
  const lines = names.map((name) => {
    const line = document.createElementNS(SVG, "polyline");
    line.setAttribute("class", name);
    root.append(line);
    return { name, line, values: [] };
  });
  return {
    root,
    add(values) {
      for (const { name, line, values: kept } of lines) {
        kept.push(values[name] ?? 0);
        kept.splice(0, kept.length - POINTS);
        const first = POINTS - kept.length;
        line.setAttribute("points", kept.map((value, i) => `${first + i},${98 - value * 0.96}`).join(" "));
      }
      const now = lines.map(({ name, values: kept }) => `${name} ${Math.round(kept.at(-1))} %`);
      root.setAttribute("aria-label", `${label}: ${now.join(", ")}`);
    },
  };
}
