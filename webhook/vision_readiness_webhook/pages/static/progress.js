// Keeps a run's page true while it is looked at. Without it the page has a link that loads it again.
"use strict";
const shown = document.querySelector("[data-run]");
let last = null;
let since = Date.now();
const part = (name) => shown.querySelector(`[data-part="${name}"]`);

function left(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const minutes = Math.round(seconds / 60);
  return seconds < 60 ? "under a minute left" : `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
}

function show(run) {
  part("title").textContent = run.state === "queued" ? "Waiting for its turn" : "Running";
  part("stage").textContent = run.stage.charAt(0).toUpperCase() + run.stage.slice(1);
  const counted = run.total !== null && run.total > 0;
  part("bar").hidden = !counted;
  part("count").textContent = counted
    ? `${(run.done || 0).toLocaleString("en")} of ${run.total.toLocaleString("en")}` : "";
  part("left").textContent = left(run.eta_seconds);
  if (counted) {
    part("bar").max = run.total;
    part("bar").value = run.done || 0;
  }
}

async function look() {
  try {
    const answer = await fetch(shown.dataset.run, { headers: { accept: "application/json" } });
    if (answer.status === 401 || answer.status === 404) return location.reload();
    const run = await answer.json();
    if (answer.ok && run.state !== "queued" && run.state !== "running") return location.reload();
    if (answer.ok) show(run);
    const word = `${run.stage} ${run.done}`;
    if (word !== last) [last, since] = [word, Date.now()];
    if (Date.now() - since > 60000) part("slow").hidden = false;
    part("away").hidden = true;
  } catch {
    part("away").hidden = false;
  }
  setTimeout(look, 2000);
}

if (shown) setTimeout(look, 1000);
