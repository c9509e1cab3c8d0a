import { copyText } from "./clipboard.js";

// Keeps the end in view while the reader is there, and never moves what is read.
const Near = 48;

function follow(scroller) {
  const jump = scroller.querySelector("[data-jump]");
  let pinned = true;
  let height = 0;
  const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };
  const goToNamed = () => {
    const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!named) return false;
    pinned = false;
    named.scrollIntoView({ block: "start" });
    return true;
  };
  scroller.addEventListener("scroll", () => {
    pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < Near;
    if (pinned) jump.hidden = true;
  }, { passive: true });
  jump.addEventListener("click", () => { pinned = true; toEnd(); });
  scroller.parentElement.addEventListener("op-sent", () => { pinned = true; toEnd(); });
  const grown = new ResizeObserver(() => {
    if (pinned) toEnd();
    else if (scroller.scrollHeight > height) jump.hidden = false;
    height = scroller.scrollHeight;
  });
  grown.observe(scroller.querySelector(".turns"));
  grown.observe(scroller);
  // More is asked for once, and again when it is there.
  let asked = false;
  const more = new IntersectionObserver(seen => {
    const button = seen.find(entry => entry.isIntersecting)?.target;
    if (!button || asked || pinned) return;
    asked = true;
    button.click();
  }, { root: scroller, rootMargin: "200px" });
  const watch = () => {
    more.disconnect();
    if (!pinned) for (const button of scroller.querySelectorAll("[data-earlier], [data-later]")) more.observe(button);
  };
  new MutationObserver(() => { asked = false; watch(); }).observe(scroller.querySelector(".turns"), { childList: true });
  scroller.addEventListener("scroll", () => asked || watch(), { passive: true });
  if (!goToNamed()) toEnd();
}

function showLine(scroller) {
  if (!location.hash.startsWith("#L")) return;
  const line = document.getElementById(location.hash.slice(1));
  // The line came after the address, so that it is no target to the browser.
  for (const cited of scroller.querySelectorAll(".cited")) cited.classList.remove("cited");
  line?.classList.add("cited");
  line?.scrollIntoView({ block: "center" });
}

new MutationObserver(() => {
  for (const scroller of document.querySelectorAll("[data-scroll]:not([data-followed])")) {
    scroller.dataset.followed = "";
    follow(scroller);
  }
  for (const scroller of document.querySelectorAll("[data-lines]:not([data-shown])")) {
    if (!scroller.querySelector(".line, .prose")) continue;
    scroller.dataset.shown = "";
    showLine(scroller);
  }
}).observe(document.body, { childList: true, subtree: true });

addEventListener("hashchange", () => document.querySelectorAll("[data-lines]").forEach(showLine));

document.addEventListener("click", event => {
  const copy = event.target.closest("[data-copy-turn]");
  const link = event.target.closest("[data-copy-link]");
  if (copy) copyText(copy.closest(".part").querySelector(".said").innerText.trim());
  if (link) copyText(location.href.split("#")[0] + link.dataset.copyLink);
});
