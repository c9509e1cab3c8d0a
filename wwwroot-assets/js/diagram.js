// Draws a Mermaid block as a picture: an SVG in an <img>, where nothing in it can run or load. Where that fails, the source stays, with the reason.

const longestSource = 20_000;
const timeLimit = 5_000;
// A label shows tags as they are written; only a line's end is one. Arrows begin with other characters.
const tags = /<(?!br\s*\/?>)(?=[a-z!?/])/gi;
// A shape's data can name a picture that would be fetched, in more than one way of writing.
const picture = /@\{[^]*(img|\\)/i;
let library;
let queue = Promise.resolve();
let count = 0;

/** One after the other: the library keeps its state in one place. */
export function draw(frame) {
  queue = queue.then(() => tryToDraw(frame));
  return queue;
}

async function tryToDraw(frame) {
  if (!frame.isConnected) return;
  const source = frame.querySelector('pre').textContent;
  try {
    if (source.length > longestSource) throw new Error(`The diagram's source is longer than ${longestSource.toLocaleString()} characters.`);
    if (picture.test(source)) throw new Error('Pictures from elsewhere are not loaded.');
    library ??= load();
    const mermaid = await library;
    showPicture(frame, source, await within(timeLimit, render(mermaid, source, isDark(frame))));
  } catch (error) {
    showReason(frame, error);
  }
}

// The library is one script that leaves a global behind.
function load() {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = new URL('../vendor/mermaid.js', import.meta.url);
    script.onload = () => resolve(globalThis.mermaid);
    script.onerror = () => {
      library = undefined;
      reject(new Error('The part that draws diagrams could not be loaded.'));
    };
    document.head.append(script);
  });
}

async function render(mermaid, source, dark) {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    maxTextSize: longestSource,
    maxEdges: 300,
    theme: dark ? 'dark' : 'default',
    fontFamily: 'sans-serif',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    class: { htmlLabels: false },
    secure: ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'maxEdges', 'suppressErrorRendering', 'htmlLabels', 'flowchart', 'class', 'fontFamily', 'themeCSS', 'dompurifyConfig'],
  });
  // It measures text in the page, where its own style element does not count.
  const stage = document.createElement('div');
  stage.style.cssText = 'position:absolute;visibility:hidden;width:1200px;font:16px sans-serif;line-height:normal';
  document.body.append(stage);
  try {
    return (await mermaid.render(`md-diagram-${++count}`, source.replace(tags, '#lt;'), stage)).svg;
  } finally {
    stage.remove();
  }
}

function within(milliseconds, work) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('Drawing the diagram took too long.')), milliseconds);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function showPicture(frame, source, svg) {
  const image = document.createElement('img');
  image.className = 'md-diagram';
  image.alt = `Diagram. Its source: ${source}`;
  const { text, width } = sized(svg);
  if (width) image.width = width;
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  image.onload = () => {
    URL.revokeObjectURL(address);
    frame.classList.add('md-drawn');
  };
  image.onerror = () => {
    URL.revokeObjectURL(address);
    image.remove();
    showReason(frame, new Error('The diagram is no picture that the browser shows.'));
  };
  image.src = address;
  frame.append(image);
}

// In the page it would be as wide as its container; as a picture it has a size of its own.
function sized(svg) {
  const root = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
  if (!root) throw new Error('There is nothing to draw.');
  const [, , width, height] = (root.getAttribute('viewBox') ?? '').split(/[\s,]+/).map(Number);
  if (width > 0 && height > 0) {
    root.setAttribute('width', width);
    root.setAttribute('height', height);
  }
  return { text: new XMLSerializer().serializeToString(root), width: Math.ceil(width) || 0 };
}

function showReason(frame, error) {
  const reason = document.createElement('p');
  reason.className = 'md-reason';
  reason.textContent = `This diagram is shown as its source: ${String(error?.message ?? error).slice(0, 500)}`;
  frame.append(reason);
}

function isDark(element) {
  for (let at = element; at; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    if (alpha > 0.5) return (red * 299 + green * 587 + blue * 114) / 1000 < 128;
  }
  return false;
}
