import { element } from "./dom.js";

/** Side of the image that the features are, or 0: their number is a square and they are named p0, p1, … in order. */
export function imageSide(features) {
  const side = Math.round(Math.sqrt(features.length));
  return side > 1 && side * side === features.length && features.every((f, i) => f.name === `p${i}`) ? side : 0;
}

/** The input for a model's features: something to draw on for an image, else a form. Gives values(), clear(); drawing is called when a stroke begins, drawn when it ends, asked on Enter. */
export const createInput = (container, features, { drawing, drawn, asked }) =>
  imageSide(features) ? image(container, features, imageSide(features), drawing, drawn, asked) : form(container, features, asked);

function form(container, features, asked) {
  const inputs = features.map((f) => element("input", { type: "number", step: "any", required: true, name: f.name, value: String(middle(f)) }));
  const fields = features.map((f, i) => element("label", {}, f.name, inputs[i], element("span", { className: "quiet" }, `seen ${f.min} to ${f.max}`)));
  const panel = element("form", { className: "fields", noValidate: true }, ...fields, element("button", { hidden: true }));
  panel.addEventListener("submit", (e) => { e.preventDefault(); asked(); });
  container.replaceChildren(panel);
  return {
    values() {
      const bad = inputs.find((i) => !i.checkValidity());
      if (bad) { bad.focus(); throw new Error(`${bad.name} needs a number`); }
      return inputs.map((i) => Number(i.value));
    },
    clear() { inputs.forEach((input, i) => { input.value = String(middle(features[i])); }); },
  };
}

const middle = (feature) => Number(((feature.min + feature.max) / 2).toPrecision(3));

// Strokes are kept as points in 0…1. They are put into the area that the training images use, a pixel from its edge, drawn with a pen about as thick as theirs on a
// bitmap of 4 × 4 pixels a feature, and each feature is the share of its pixels that are dark, times the largest value of the training data.
const BLOCK = 4, RADIUS = 2.5, MARGIN = 1;

function image(container, features, side, drawing, drawn, asked) {
  const full = Math.max(...features.map((f) => f.max)) || 1, size = side * BLOCK, area = usedArea(features, side, full);
  const paper = element("canvas", { className: "paper", width: size * 2, height: size * 2, id: "paper", role: "img", "aria-label": "Drawing surface for a pointer; by keys use the cells beside it" });
  const cells = features.map((_, i) => element("div", { className: "cell", role: "gridcell", tabIndex: i === 0 ? 0 : -1 }, element("span")));
  const rows = Array.from({ length: side }, (_, r) => element("div", { role: "row" }, ...cells.slice(r * side, (r + 1) * side)));
  const grid = element("div", { className: "cells", role: "grid", "aria-label": "What the model sees: arrows move, space sets a cell, plus and minus shade it, Enter predicts", id: "cells" }, ...rows);
  grid.style.gridTemplateColumns = `repeat(${side}, 1fr)`;
  const fit = element("input", { type: "checkbox", checked: true, id: "fit" });
  container.replaceChildren(element("div", { className: "drawing" },
    element("figure", {}, paper, element("figcaption", {}, "Draw here with a pointer.")),
    element("figure", {}, grid, element("figcaption", {}, `What the model sees (0 to ${full}). Keys: arrows, space, + and −, Enter.`))),
    element("label", { className: "fit" }, fit, "Stretch the drawing to the frame, as the training images were"));

  let strokes = [], byKeys = new Map(), values = features.map(() => 0), current = 0;

  const refresh = () => {
    values = counts(strokes, side, full, fit.checked ? area : null);
    for (const [cell, value] of byKeys) values[cell] = value;
    cells.forEach((cell, i) => {
      cell.firstChild.textContent = values[i] || "";
      cell.style.setProperty("--level", values[i] / full);
      cell.dataset.dark = values[i] > full / 2;
      cell.setAttribute("aria-label", `row ${Math.floor(i / side) + 1}, column ${(i % side) + 1}: ${values[i]} of ${full}`);
    });
    ink(paper, strokes, size);
  };

  const set = (cell, value) => { byKeys.set(cell, Math.min(full, Math.max(0, value))); refresh(); };
  const go = (cell) => { cells[current].tabIndex = -1; current = cell; cells[current].tabIndex = 0; cells[current].focus(); };
  const keys = {
    ArrowLeft: () => go(current % side ? current - 1 : current), ArrowRight: () => go((current + 1) % side ? current + 1 : current),
    ArrowUp: () => go(current >= side ? current - side : current), ArrowDown: () => go(current + side < cells.length ? current + side : current),
    Home: () => go(current - (current % side)), End: () => go(current - (current % side) + side - 1),
    " ": () => set(current, values[current] ? 0 : full), Delete: () => set(current, 0), Backspace: () => set(current, 0),
    "+": () => set(current, values[current] + full / 4), "-": () => set(current, values[current] - full / 4), Enter: asked,
  };
  grid.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || !keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });
  grid.addEventListener("click", (e) => {
    const cell = cells.indexOf(e.target.closest(".cell"));
    if (cell >= 0) { go(cell); set(cell, values[cell] ? 0 : full); }
  });

  const point = (e) => { const box = paper.getBoundingClientRect(); return [(e.clientX - box.left) / box.width, (e.clientY - box.top) / box.height]; };
  paper.addEventListener("pointerdown", (e) => { drawing(); paper.setPointerCapture(e.pointerId); strokes.push([point(e)]); refresh(); e.preventDefault(); });
  paper.addEventListener("pointermove", (e) => { if (paper.hasPointerCapture(e.pointerId)) { strokes.at(-1).push(point(e)); refresh(); } });
  paper.addEventListener("pointerup", drawn);
  fit.addEventListener("change", () => { refresh(); if (strokes.length) drawn(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  refresh();
  return { values: () => values, clear() { strokes = []; byKeys = new Map(); refresh(); } };
}

/** Rows and columns in which most features come near the largest value: where the training images have their ink, in 0…1. */
function usedArea(features, side, full) {
  const dark = (at) => Array.from({ length: side }, (_, i) => features[at(i)].max >= 0.8 * full).filter(Boolean).length >= side / 2;
  const range = (line) => {
    const used = Array.from({ length: side }, (_, i) => i).filter(line);
    return used.length ? [used[0] / side, (used.at(-1) + 1) / side] : [0, 1];
  };
  return { x: range((c) => dark((i) => i * side + c)), y: range((r) => dark((i) => r * side + i)) };
}

function counts(strokes, side, full, area) {
  const size = side * BLOCK, bitmap = new Uint8Array(size * size);
  for (const stroke of fitted(strokes, size, area)) walk(stroke, (x, y) => disc(bitmap, size, x, y));
  const values = new Array(side * side).fill(0);
  bitmap.forEach((on, i) => { values[Math.floor(i / size / BLOCK) * side + Math.floor((i % size) / BLOCK)] += on; });
  return values.map((n) => Math.round((n * full) / (BLOCK * BLOCK)));
}

/** Strokes in pixels; stretched and centred into the area with their proportions kept, unless there is none. */
function fitted(strokes, size, area) {
  if (!area || strokes.length === 0) return strokes.map((s) => s.map(([x, y]) => [x * size, y * size]));
  const xs = strokes.flat().map((p) => p[0]), ys = strokes.flat().map((p) => p[1]);
  const [left, right, top, bottom] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b)), ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
  const room = ([low, high]) => (high - low) * size - 2 * (RADIUS + MARGIN), centre = ([low, high]) => ((low + high) / 2) * size;
  const scale = Math.min(room(area.x) / Math.max(right - left, 0.05), room(area.y) / Math.max(bottom - top, 0.05));
  return strokes.map((s) => s.map(([x, y]) => [centre(area.x) + (x - (left + right) / 2) * scale, centre(area.y) + (y - (top + bottom) / 2) * scale]));
}

function walk(stroke, visit) {
  stroke.forEach(([x, y], i) => {
    const [fromX, fromY] = stroke[Math.max(0, i - 1)];
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(x - fromX, y - fromY)));
    for (let s = 1; s <= steps; s++) visit(fromX + ((x - fromX) * s) / steps, fromY + ((y - fromY) * s) / steps);
  });
}

function disc(bitmap, size, x, y) {
  for (let py = Math.max(0, Math.floor(y - RADIUS)); py <= Math.min(size - 1, y + RADIUS); py++)
    for (let px = Math.max(0, Math.floor(x - RADIUS)); px <= Math.min(size - 1, x + RADIUS); px++)
      if (Math.hypot(px + 0.5 - x, py + 0.5 - y) <= RADIUS) bitmap[py * size + px] = 1;
}

function ink(paper, strokes, size) {
  const context = paper.getContext("2d"), scale = paper.width / size;
  context.clearRect(0, 0, paper.width, paper.height);
  context.strokeStyle = getComputedStyle(paper).color;
  [context.lineWidth, context.lineCap, context.lineJoin] = [2 * RADIUS * scale, "round", "round"];
  for (const stroke of fitted(strokes, paper.width, null)) {
    context.beginPath();
    context.moveTo(...stroke[0]);
    for (const p of stroke.length > 1 ? stroke.slice(1) : stroke) context.lineTo(...p);
    context.stroke();
  }
}
