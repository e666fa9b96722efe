// SPDX-License-Identifier: Apache-2.0
// node check_charts.mjs FOLDER [THEME]: every FOLDER/*.vl.json is valid against the Vega-Lite v5 schema, compiles and renders
// without a warning, and draws as many marks, ticks and labels as the SVG beside it. Writes FOLDER/NAME.vega.svg.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import Ajv from "ajv";
import * as vega from "vega";
import * as vegaLite from "vega-lite";

const [folder, theme] = process.argv.slice(2);
const schema = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("vega-lite/build/vega-lite-schema.json"), "utf8"));
const validate = new Ajv({ allowUnionTypes: true, strict: false, allErrors: true, formats: { "color-hex": true, uri: true, "uri-reference": true } })
  .compile(schema);

// What JupyterLab's dark theme sets (vega-themes "dark"), to look at charts on it.
const dark = {
  background: "#333", view: { stroke: "#888" }, title: { color: "#fff", subtitleColor: "#fff" },
  style: { "guide-label": { fill: "#fff" }, "guide-title": { fill: "#fff" } },
  axis: { domainColor: "#fff", gridColor: "#888", tickColor: "#fff" },
};

const problems = [];
class Logger {
  constructor(name) { this.name = name; }
  level() { return this; }
  warn(...words) { problems.push(`${this.name}: ${words.join(" ")}`); return this; }
  error(...words) { problems.push(`${this.name}: ${words.join(" ")}`); return this; }
  info() { return this; }
  debug() { return this; }
}

// Every mark of a kind in the drawn scene: items of the groups vega-lite names after its layers.
function count_marks(scene, counts) {
  for (const item of scene.items ?? []) {
    for (const mark of item.items ?? []) {
      if (mark.role === "mark" && mark.marktype !== "group") {
        counts[mark.marktype] = (counts[mark.marktype] ?? 0) + mark.items.length;
        if (mark.items.some((one) => !one.fill && !one.stroke)) counts.invisible = (counts.invisible ?? 0) + 1;
      }
      count_marks(mark, counts);
    }
    if (item.marktype) count_marks(item, counts);
  }
  return counts;
}

function labels_of(scene, role, found = []) {
  for (const item of scene.items ?? []) {
    for (const mark of item.items ?? []) {
      if (mark.role === role) found.push(...mark.items.map((label) => label.text));
      labels_of(mark, role, found);
    }
  }
  return found;
}

function flat_layers(spec) {
  return (spec.vconcat ?? [spec]).flatMap((panel) => panel.layer);
}

function check_forbidden(name, spec) {
  const text = JSON.stringify(spec);
  if (text.includes('"container"')) problems.push(`${name}: container width`);
  if ("background" in spec) problems.push(`${name}: sets a background`);
  const points = flat_layers(spec).reduce((sum, layer) => sum + layer.data.values.length, 0);
  if (points > 2 * 2000 + 100) problems.push(`${name}: ${points} points`);
}

async function check(file) {
  const name = file.replace(".vl.json", "");
  const spec = JSON.parse(readFileSync(join(folder, file), "utf8"));
  if (!validate(spec)) {
    const short = validate.errors.filter((e) => e.keyword !== "anyOf").slice(0, 3);
    problems.push(`${name}: schema: ${short.map((e) => `${e.instancePath} ${e.message}`).join("; ")}`);
  }
  check_forbidden(name, spec);
  const logger = new Logger(name);
  const themed = theme === "dark" ? { ...spec, config: { ...dark, ...spec.config, axis: { ...dark.axis, ...spec.config.axis } } } : spec;
  const compiled = vegaLite.compile(themed, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  const drawn = await view.toSVG();
  writeFileSync(join(folder, `${name}.vega.svg`), drawn);
  check_against_svg(name, spec, view, readFileSync(join(folder, `${name}.svg`), "utf8"));
  await view.finalize();
}

const occurrences = (text, what) => text.split(what).length - 1;

function check_against_svg(name, spec, view, svg) {
  const counts = count_marks(view.scenegraph().root, {});
  const cells = occurrences(svg, 'class="m-bar"') + occurrences(svg, 'class="m-rect"') + occurrences(svg, 'class="m-candle"');
  const labels = occurrences(svg, 'class="m-text"');
  if ((counts.rect ?? 0) !== cells) problems.push(`${name}: ${counts.rect ?? 0} bars and cells in Vega, ${cells} in the SVG`);
  if ((counts.text ?? 0) !== labels) problems.push(`${name}: ${counts.text ?? 0} labels in Vega, ${labels} in the SVG`);
  const rules = occurrences(svg, 'class="m-rule"') + occurrences(svg, 'class="m-wick"');
  if ((counts.rule ?? 0) !== rules) problems.push(`${name}: ${counts.rule ?? 0} rules in Vega, ${rules} in the SVG`);
  if (counts.invisible) problems.push(`${name}: ${counts.invisible} marks without a colour`);
  for (const label of labels_of(view.scenegraph().root, "axis-label")) {
    const escaped = String(label).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    if (escaped && !svg.includes(`>${escaped}</text>`) && !escaped.endsWith("…")) {
      problems.push(`${name}: tick label '${label}' is not in the SVG`);
    }
  }
  if (occurrences(svg, 'class="m-line"') && !JSON.stringify(spec).includes('"line"')) problems.push(`${name}: no line in Vega`);
}

const files = readdirSync(folder).filter((file) => file.endsWith(".vl.json"));
for (const file of files) {
  try {
    await check(file);
  } catch (error) {
    problems.push(`${file}: ${error.message}`);
  }
}
for (const problem of problems) console.error(problem);
console.log(`${files.length} specifications, ${problems.length} problems`);
process.exit(problems.length || files.length === 0 ? 1 : 0);
