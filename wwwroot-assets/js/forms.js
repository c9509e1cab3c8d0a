// Forms that are sent by HTTP, since a session is a cookie: <form data-post="/account/…" data-then="/where/to/go" data-said="What happened">.
import { post } from "./api.js";
import { forgetDrafts } from "./drafts.js";

function fillFromFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  const inputs = document.querySelectorAll("[data-from-fragment]");
  if (inputs.length === 0) return;
  for (const input of inputs) input.value = given.get(input.dataset.fromFragment) ?? input.value;
  // A code does not stay in the history.
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  (document.querySelector("[data-autofocus]") ?? inputs[0]).focus();
}

async function submit(form) {
  const problem = form.querySelector(".problem");
  const button = form.querySelector("button");
  if (problem) problem.hidden = true;
  button.disabled = true;
  try {
    await post(form.dataset.post, Object.fromEntries(new FormData(form)));
    // The next person at this browser is somebody else.
    if ("forget" in form.dataset) forgetDrafts();
    if (form.dataset.then) return location.assign(form.dataset.then);
    form.reset();
    say(form.dataset.said, "");
  } catch (error) {
    say(error instanceof TypeError ? "The host cannot be reached. Try again in a moment." : error.message);
  }
  button.disabled = false;

  function say(text) {
    if (!problem || !text) return;
    problem.textContent = text;
    problem.hidden = false;
  }
}

document.addEventListener("submit", event => {
  if (!event.target.dataset.post) return;
  event.preventDefault();
  submit(event.target);
});
for (const button of document.querySelectorAll("form[data-post] button[disabled]")) button.disabled = false;
addEventListener("hashchange", fillFromFragment);
fillFromFragment();
