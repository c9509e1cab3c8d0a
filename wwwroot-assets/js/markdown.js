// Everything that rendered Markdown needs in the browser: copying, links to headings, and code and diagrams once they come into view.
// It works by delegation on the whole page, so that nothing has to be told of new text.

const frames = '.md-code';
const longestCode = 50_000;
const known = new WeakSet();

const inView = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    inView.unobserve(entry.target);
    show(entry.target);
  }
}, { rootMargin: '200px' });

function find(node) {
  if (!(node instanceof Element)) return;
  if (node.matches(frames)) watch(node);
  for (const frame of node.querySelectorAll(frames)) watch(frame);
}

// A block that is still being written changes with each word: it waits until it is finished.
function watch(frame) {
  if (known.has(frame) || frame.closest('[data-open]')) return;
  known.add(frame);
  inView.observe(frame);
}

function show(frame) {
  const language = frame.dataset.language;
  if (language === 'mermaid') import('./diagram.js').then(diagram => diagram.draw(frame));
  else if (language) whenIdle(() => highlight(frame, language));
}

async function highlight(frame, language) {
  const code = frame.querySelector('pre > code');
  if (!code || code.textContent.length > longestCode) return;
  const { default: highlighter } = await import('../vendor/highlight.js');
  if (!highlighter.getLanguage(language) || !code.isConnected) return;
  code.innerHTML = highlighter.highlight(code.textContent, { language, ignoreIllegals: true }).value;
}

function whenIdle(work) {
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 1000 });
  else setTimeout(work);
}

async function copy(button) {
  const text = button.closest(frames).querySelector('pre').textContent;
  const done = await write(text);
  button.textContent = done ? 'Copied' : 'Press Ctrl+C';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

// Over plain HTTP there is no clipboard to write to: the text is selected, for the keys that copy it.
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

// The page's base address would turn "#name" into a link to the first page.
function follow(event, link) {
  const name = decode(link.getAttribute('href').slice(1));
  const target = within(link.closest('.markdown'), name);
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView();
}

function within(markdown, id) {
  return [...(markdown ?? document).querySelectorAll('[id]')].find(element => element.id === id);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Scrolls to what an address's fragment names: a heading, or a line of the source as L12. Returns the element, or null where there is none. */
export function reveal(markdown, fragment) {
  const line = /^L(\d+)/.exec(fragment);
  const target = line ? atLine(markdown, Number(line[1])) : within(markdown, 'user-content-' + decode(fragment));
  target?.scrollIntoView({ block: line ? 'center' : 'start' });
  return target ?? null;
}

function atLine(markdown, line) {
  let best = null;
  for (const element of markdown.querySelectorAll('[data-line]')) {
    if (Number(element.dataset.line) <= line) best = element;
  }
  return best;
}

document.addEventListener('click', async event => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest('.md-copy');
  if (button) {
    await copy(button);
    if (button.textContent !== 'Copied') select(button.closest(frames).querySelector('pre'));
    return;
  }
  const link = event.target.closest('.markdown a[href^="#"]');
  if (link) follow(event, link);
});

new MutationObserver(records => {
  for (const record of records) {
    if (record.type === 'attributes') find(record.target);
    else record.addedNodes.forEach(find);
  }
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-open'] });

find(document.documentElement);
