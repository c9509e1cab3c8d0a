// Keys that work everywhere, the palette, and the inbox's answers.
const Pages = { w: "/", c: "/conversations", i: "/inbox", a: "/agents", m: "/machines" };
const SecondKeyWithin = 1200;
let goPressed = -SecondKeyWithin;

const palette = () => document.getElementById("palette");
const isTyping = target => target.closest?.("input, textarea, select, [contenteditable]");

function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[data-palette-input]")?.select();
}

function run(command) {
  if (command === "palette") open(palette());
  else if (command === "keys") open(document.getElementById("keys"));
  else if (command === "theme") OpAgent.nextTheme();
}

function move(step) {
  const rows = [...palette().querySelectorAll(".found a")];
  if (rows.length === 0) return;
  const at = rows.findIndex(row => row.classList.contains("chosen"));
  rows[at]?.classList.remove("chosen");
  const next = rows[(at + step + rows.length) % rows.length];
  next.classList.add("chosen");
  next.scrollIntoView({ block: "nearest" });
}

const cards = () => [...document.querySelectorAll(".inbox-page .permission")];
const chosenCard = () => document.activeElement?.closest(".inbox-page .permission");

function chooseCard(step) {
  const all = cards();
  const at = all.indexOf(chosenCard());
  const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// Only for the card that was chosen: the list may have moved since it was read.
function answer(isAllow) {
  const card = chosenCard();
  if (!card) return chooseCard(0);
  card.querySelector(isAllow ? "[data-option=allow_once]" : "[data-option=reject_once]")?.click();
}

document.addEventListener("keydown", event => {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && (key === "k" || key === "p")) {
    event.preventDefault();
    run("palette");
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.shiftKey && key === "f") {
    event.preventDefault();
    Blazor.navigateTo("/search");
    return;
  }
  if (palette()?.open) {
    if (key === "arrowdown" || key === "arrowup") { event.preventDefault(); move(key === "arrowdown" ? 1 : -1); }
    if (key === "enter") { event.preventDefault(); (palette().querySelector(".found .chosen") ?? palette().querySelector(".found a"))?.click(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.timeStamp - goPressed < SecondKeyWithin && Pages[key]) {
    goPressed = -SecondKeyWithin;
    Blazor.navigateTo(Pages[key]);
  } else if (key === "g") goPressed = event.timeStamp;
  else if (event.key === "?") run("keys");
  else if (location.pathname === "/inbox" && (key === "a" || key === "r")) answer(key === "a");
  else if (location.pathname === "/inbox" && (key === "j" || key === "k")) chooseCard(key === "j" ? 1 : -1);
});

document.addEventListener("click", event => {
  const command = event.target.closest("[data-command]")?.dataset.command;
  if (palette()?.open && event.target.closest(".found a")) palette().close();
  if (event.target === palette()) palette().close();
  if (command) { event.preventDefault(); run(command); }
});
