// Times are written by the server in UTC and shown in the reader's own zone.
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

function show(element) {
  const at = new Date(element.dateTime);
  const isToday = at.toDateString() === new Date().toDateString();
  const text = isToday ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
  if (element.textContent !== text) element.textContent = text;
  element.title = full.format(at);
}

export function showTimes() {
  const showIn = root => root.querySelectorAll?.("time[data-local]").forEach(show);
  showIn(document);
  new MutationObserver(changes => {
    for (const change of changes) for (const node of change.addedNodes) {
      if (node.matches?.("time[data-local]")) show(node);
      else showIn(node);
    }
  }).observe(document.body, { childList: true, subtree: true });
}
