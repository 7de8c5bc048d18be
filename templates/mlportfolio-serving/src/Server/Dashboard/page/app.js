import { call, useKey } from "./api.js";
import { byId, element, keyed, number, percent, say } from "./dom.js";
import { createInput } from "./input.js";
import { notice, show } from "./panels.js";

let input = null, signature = "", answered = null, waiting = 0, asked = 0;

async function poll() {
  try {
    const status = await call("/api/status");
    const form = JSON.stringify(status.model);
    if (status.model && form !== signature) begin(status.model, form);
    show(status, act);
  } catch (e) {
    byId("health").dataset.state = "bad";
    say(byId("health"), e.status === 401 || e.status === 403 ? "key needed" : "no answer");
    notice(e.status ? e.message : "The server does not answer; trying again every second.");
  }
  setTimeout(poll, 1000);
}

function begin(model, form) {
  signature = form;
  answered = null;
  input = createInput(byId("input"), model.features, {
    drawing: () => { clearTimeout(waiting); asked++; byId("label").ariaBusy = "true"; },
    drawn: () => { clearTimeout(waiting); waiting = setTimeout(predict, 400); },
    asked: predict,
  });
  byId("truth").replaceChildren(...model.classes.map((c) => element("option", { value: c }, c)));
  byId("probabilities").classList.toggle("short", model.classes.every((c) => c.length < 3));
}

async function predict() {
  clearTimeout(waiting);
  if (!input) return;
  const mine = ++asked;
  try {
    const answer = await call("/api/predict", { features: input.values() });
    if (mine !== asked) return;
    answered = answer;
    say(byId("label"), answer.label);
    say(byId("answered-by"), `by ${answer.model.name} ${answer.model.version}`);
    keyed(byId("probabilities"), Object.entries(answer.probabilities), ([name]) => name,
      ([name]) => element("li", {}, element("span", {}, name), element("div", { className: "track" }, element("div", { className: "bar" })), element("span")),
      (node, [name, p]) => {
        node.classList.toggle("first", name === answer.label);
        node.querySelector(".bar").style.width = percent(p, 2).replace(" ", "");
        say(node.lastChild, percent(p));
      });
    byId("feedback").hidden = false;
    byId("truth").value = answer.label;
    say(byId("feedback-note"), "");
  } catch (e) {
    if (mine === asked) say(byId("answered-by"), `Not answered: ${e.message}`);
  }
  if (mine === asked) byId("label").ariaBusy = "false";
}

async function repeat() {
  const button = byId("repeat"), text = button.textContent;
  let [sent, failed] = [0, 0];
  button.disabled = true;
  try {
    const features = input.values();
    await Promise.all(Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 50; i++) {
        try { await call("/api/predict", { features }); sent++; } catch { failed++; }
        say(button, `${sent + failed} of 200`);
      }
    }));
    say(byId("answered-by"), `${number(sent)} of 200 answered${failed ? `, ${failed} refused or failed` : ""}.`);
  } catch (e) {
    say(byId("answered-by"), e.message);
  }
  say(button, text);
  button.disabled = false;
}

async function act(verb, version) {
  const note = byId("admin-note");
  note.className = "";
  try {
    const answer = await call(`/api/admin/${verb}`, verb === "canary" ? { version, share: Number(byId("share").value) } : version ? { version } : {});
    say(note, answer.message ?? `${verb} done`);
  } catch (e) {
    note.className = "failed";
    say(note, e.status === 401 || e.status === 403 ? `The admin key is needed: ${e.message}` : e.message);
  }
}

byId("predict").addEventListener("click", predict);
byId("clear-input").addEventListener("click", () => input?.clear());
byId("repeat").addEventListener("click", repeat);
byId("rollback").addEventListener("click", () => act("rollback"));
byId("clear-trial").addEventListener("click", () => act("clear"));
byId("key-form").addEventListener("submit", (e) => { e.preventDefault(); useKey(byId("key").value.trim()); say(byId("key-note"), "in use, kept in this tab’s memory only"); });
byId("feedback").addEventListener("submit", async (e) => {
  e.preventDefault();
  try {
    await call("/api/feedback", { predictionId: answered.predictionId, label: byId("truth").value });
    say(byId("feedback-note"), "Thank you.");
  } catch (error) {
    say(byId("feedback-note"), error.message);
  }
});
poll();
