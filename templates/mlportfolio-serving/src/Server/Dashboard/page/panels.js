import { byId, clock, day, element, keyed, number, percent, say } from "./dom.js";
import { imageSide } from "./input.js";

/** Shows one answer of GET /api/status; act(verb, version) is what the buttons of a version call. */
export function show(status, act) {
  service(status);
  traffic(status.traffic ?? {});
  drift(status.drift, status.model?.features ?? []);
  versions(status, act);
  quality(status.quality ?? []);
  errors(status.errors ?? [], status.log);
}

function service({ service, model, at }) {
  say(byId("title"), service?.title ?? model?.name ?? "Model serving");
  say(byId("model"), model ? `${model.name}: ${model.features.length} features, ${model.classes.length} classes · ${service?.environment ?? ""} · up since ${day(service?.started)} · ${clock(at)}` : "no model is loaded");
  const health = byId("health");
  health.dataset.state = service?.ready ? "good" : "bad";
  say(health, service?.ready ? "ready" : "not ready");
  notice(service?.reason ? `${service.ready ? "The last change was refused" : "Not ready"}: ${service.reason}` : "");
}

export function notice(text) {
  byId("notice").hidden = !text;
  say(byId("notice"), text);
}

const history = [];

function traffic(t) {
  const counters = [["Requests", t.total], ["Per second", t.perSecond], ["In flight", t.inFlight], ["Failed (5xx)", t.failed], ["Refused (4xx)", t.refused], ["Shed", t.shed]];
  keyed(byId("counters"), counters, (c) => c[0], (c) => element("div", {}, element("dt", {}, c[0]), element("dd")), (node, c) => say(node.lastChild, number(c[1], 1)));
  const stages = (t.latency ?? []).filter((s) => s.n > 0 || s.stage === "total");
  say(byId("stages-caption"), `By stage, last ${Math.round(t.windowSeconds ?? 60)} s`);
  keyed(byId("stages"), stages, (s) => s.stage, (s) => row(s.stage, "", "", "", ""), (node, s) => cells(node, s.stage, number(s.p50), number(s.p95), number(s.p99), number(s.n)));
  const total = stages.find((s) => s.stage === "total");
  history.push({ rate: t.perSecond ?? 0, p50: total?.p50 ?? 0, p99: total?.p99 ?? 0 });
  if (history.length > 120) history.shift();
  chart(byId("throughput"), [["p50", history.map((h) => h.rate)]], "Requests per second", "");
  chart(byId("latency"), [["p50", history.map((h) => h.p50)], ["p99", history.map((h) => h.p99)]], "Latency", " ms");
}

/** Lines over the last two minutes, newest at the right; the largest value is written beside the axis' top. */
function chart(svg, lines, name, unit) {
  const top = Math.max(...lines.flatMap(([, values]) => values)) || 1, [width, height] = [svg.clientWidth || 300, svg.clientHeight || 96];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-label", `${name}, last two minutes: now ${lines.map(([label, values]) => `${label === "p99" ? "p99 " : ""}${number(values.at(-1))}${unit}`).join(", ")}; highest ${number(top)}${unit}`);
  const points = (values) => values.map((v, i) => `${(width * (119 - values.length + 1 + i)) / 119},${height - 2 - ((height - 18) * v) / top}`).join(" ");
  keyed(svg, [["top", null], ...lines], ([label]) => label, ([label]) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", label === "top" ? "text" : "polyline");
    made.setAttribute("class", label);
    return made;
  }, (node, [label, values]) => {
    if (label !== "top") return node.setAttribute("points", points(values));
    node.setAttribute("x", 4);
    node.setAttribute("y", 12);
    return say(node, `${number(top)}${unit}`);
  });
}

const row = (...texts) => element("tr", {}, ...texts.map((t, i) => (i === 0 ? element("th", { scope: "row" }, t) : element("td", {}, t))));

const cells = (node, ...texts) => texts.forEach((t, i) => say(node.children[i], t));

function drift(d, features) {
  const side = imageSide(features), measured = d?.features ?? [], alarms = measured.filter((f) => f.alarm);
  const judged = d && measured.some((f) => f.psi !== null && f.psi !== undefined);
  say(byId("drift-state"), !d ? "Not measured yet." : !judged ? `Not judged yet: ${number(d.rows)} of ${number(d.needed)} rows.`
    : alarms.length ? `Alarm: ${alarms.length} of ${measured.length} features drift, over ${number(d.rows)} rows.` : `No drift found in ${number(d.rows)} rows.`);
  byId("drift-state").classList.toggle("failed", alarms.length > 0);
  const image = byId("drift-image");
  image.hidden = byId("drift-scale").hidden = !(side && judged);
  byId("drift-details").open ||= !side;
  if (side) {
    image.style.gridTemplateColumns = `repeat(${side}, 1fr)`;
    image.setAttribute("role", "img");
    image.setAttribute("aria-label", `Drift by cell: ${alarms.length} alarms${alarms.length ? ` (${alarms.map((f) => f.name).join(", ")})` : ""}; the table below has every value`);
    keyed(image, measured, (f) => f.name, () => element("div", {}, element("span")), (node, f) => {
      node.style.setProperty("--level", f.excluded ? 0 : Math.min(0.55, 0.1 * Math.sqrt(Math.max(0, f.psi ?? 0) / 0.05)));
      node.className = f.alarm ? "alarm" : "";
      node.title = `${f.name}: ${f.excluded ?? `PSI ${number(f.psi)}, KS ${number(f.ks)}, p ${number(f.p)}`}`;
      say(node.firstChild, f.excluded ? "·" : `${f.alarm ? "!" : ""}${(f.psi ?? 0) >= 10 ? Math.round(f.psi) : (f.psi ?? 0).toFixed((f.psi ?? 0) >= 1 ? 1 : 2).replace(/^0/, "")}`);
    });
  }
  keyed(byId("drift-table"), measured, (f) => f.name, (f) => row(f.name, "", "", "", ""), (node, f) => {
    cells(node, f.name, number(f.psi), number(f.ks), number(f.p), f.excluded ?? (f.alarm ? "! drifts" : judged ? "steady" : "–"));
    node.lastChild.classList.toggle("alarm", Boolean(f.alarm));
  });
  const q = d?.quality;
  say(byId("data-quality"), q ? `Data quality since the start: ${number(q.missing)} missing, ${number(q.outOfRange)} out of the training range, ${number(q.constant)} constant, ${number(q.duplicate)} duplicate.` : "");
}

function versions({ versions: all, shadow, trial, promotions }, act) {
  keyed(byId("versions"), all ?? [], (v) => v.version, (v) => version(v, act), (node, v) => {
    const [role, made, figures, problem] = node.querySelectorAll("span");
    node.classList.toggle("live", v.role === "stable");
    role.dataset.role = v.role;
    say(role, v.role === "none" ? "not in use" : v.role === "canary" ? `canary, ${percent(v.share, 0)} of the traffic` : v.role);
    say(made, `${v.architecture ?? ""} · ${day(v.created)} · ${String(v.digest ?? "").slice(0, 12)}`);
    const m = v.metrics ?? {};
    say(figures, `held-out accuracy ${percent(m["accuracy.blocked"])} [${percent(m["accuracy.blocked.low"])}, ${percent(m["accuracy.blocked.high"])}] · ${number(v.requests ?? 0)} requests, ${number(v.errors ?? 0)} errors`);
    say(problem, v.problem ?? "");
    for (const button of node.querySelectorAll("button")) button.disabled = v.role === "stable" || button.dataset.verb === v.role;
  });
  say(byId("shadow"), shadow ? `Shadow ${shadow.version}: disagrees on ${percent(shadow.rate)} of ${number(shadow.n)} requests (95 % interval ${percent(shadow.low)} to ${percent(shadow.high)}).` : "");
  say(byId("trial"), !trial ? "" : `Canary ${trial.canary} against ${trial.stable}, on ${number(trial.canaryRows)} and ${number(trial.stableRows)} labelled rows: ${trial.interval
    ? `accuracy ${percent(trial.difference)} apart (95 % interval ${percent(trial.interval.low)} to ${percent(trial.interval.high)}), ` : ""}${String(trial.verdict).replace("-", " ")}.`);
  keyed(byId("promotions"), promotions ?? [], (p) => `${p.at} ${p.action}`, () => element("li"),
    (node, p) => say(node, `${day(p.at)} · ${p.action} ${p.version ?? ""}${p.share ? ` at ${percent(p.share, 0)}` : ""} by ${p.by}: ${p.reason}`));
  byId("rollback").disabled = !(all ?? []).some((v) => v.role === "previous");
  byId("clear-trial").disabled = !(all ?? []).some((v) => v.role === "canary" || v.role === "shadow");
}

function version(v, act) {
  const button = (verb, text) => {
    const made = element("button", { type: "button", "aria-label": `${text} ${v.version}` }, text);
    made.dataset.verb = verb;
    made.addEventListener("click", () => act(verb, v.version));
    return made;
  };
  const span = (className) => element("span", { className });
  return element("li", {}, element("strong", {}, v.version), element("p", {}, span("role")), element("p", {}, span("quiet")), element("p", {}, span("quiet")), element("p", {}, span("problem")),
    element("div", { className: "row" }, button("promote", "Promote"), button("canary", "Canary"), button("shadow", "Shadow")));
}

function quality(all) {
  const holder = byId("quality");
  keyed(holder, all.length ? all : [{ version: "" }], (q) => q.version, () => element("div", {}, element("p"), element("table", { hidden: true },
    element("thead", {}, row("Range", "n", "Confidence", "Accuracy")), element("tbody"))), (node, q) => {
    const [text, table] = node.children;
    say(text, !q.version ? "No feedback yet." : `${q.version}: ${q.n ? `${percent(q.accuracy)} right of ${number(q.n)} labelled (95 % interval ${percent(q.low)} to ${percent(q.high)})` : "no labels yet"}; the model itself expects ${percent(q.expected)}.`);
    const bins = (q.reliability ?? []).filter((b) => b.n > 0);
    table.hidden = bins.length === 0;
    keyed(table.lastChild, bins, (b) => b.low, () => row("", "", "", ""), (line, b) => cells(line, `${percent(b.low, 0)} to ${percent(b.high, 0)}`, number(b.n), percent(b.confidence), percent(b.accuracy)));
  });
}

function errors(all, log) {
  keyed(byId("errors"), all.length ? all : [{ at: "", none: true }], (e) => (e.none ? "none" : `${e.at} ${e.path} ${e.message}`), () => element("li"),
    (node, e) => say(node, e.none ? "None." : `${clock(e.at)} · ${e.status} · ${e.path} · ${e.message}`));
  say(byId("log-state"), log ? `Prediction log: ${number(log.written)} written, ${number(log.lost)} lost, ${number(log.bytes / 1024, 1)} KB.` : "");
}
