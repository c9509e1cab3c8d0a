// The composer: typing, drafts, completion and sending happen here, so that they never wait for the server.
import { get, post, putNew } from "./api.js";
import { beginSending, endSending, keepDraft, readDraft } from "./drafts.js";

const TwiceWithin = 600, PauseBeforeAsking = 120, LongestTitle = 80, MostOfOneName = 100;

class Composer extends HTMLElement {
  #asked = 0;
  #escaped = 0;
  #choices = [];
  #chosen = 0;
  #sending = false;
  #kept = true;

  constructor() {
    super();
    this.addEventListener("input", () => this.#typed());
    this.addEventListener("keydown", event => this.#key(event));
    this.addEventListener("click", event => this.#click(event));
    this.addEventListener("paste", event => this.#paste(event));
    this.addEventListener("dragover", event => event.preventDefault());
    this.addEventListener("drop", event => this.#drop(event));
    this.addEventListener("focusout", () => setTimeout(() => this.contains(document.activeElement) || this.#suggest([]), 150));
  }

  connectedCallback() {
    // Its parts are put in after it.
    queueMicrotask(() => this.#restore());
    this.observer = new MutationObserver(() => this.#restore());
    this.observer.observe(this, { attributes: true, attributeFilter: ["data-conversation", "data-workspace", "data-path"] });
  }

  disconnectedCallback() {
    this.observer.disconnect();
  }

  get #text() { return this.querySelector("[data-text]"); }
  get #key_() { return this.dataset.conversation ? `c/${this.dataset.conversation}` : `w/${this.dataset.workspace}/${this.dataset.path ?? ""}`; }
  get #files() { return [...this.querySelectorAll("[data-files] button")].map(button => button.dataset.file); }

  #restore() {
    if (this.restored === this.#key_ || !this.#text) return;
    this.restored = this.#key_;
    this.#text.value = readDraft(this.#key_);
    this.querySelector("[data-files]").replaceChildren();
    this.#grow();
    if (matchMedia("(min-width: 721px)").matches) this.#text.focus({ preventScroll: true });
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  #typed() {
    const kept = keepDraft(this.#key_, this.#text.value);
    if (kept !== this.#kept) this.#hint(kept ? "" : "Too long for this browser to keep: send it before you leave.");
    this.#kept = kept;
    this.#grow();
    this.#complete();
  }

  #key(event) {
    if (event.target !== this.#text || event.isComposing) return;
    if (this.#choices.length > 0 && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key)) {
      event.preventDefault();
      if (event.key === "Escape") this.#suggest([]);
      else if (event.key.startsWith("Arrow")) this.#choose(this.#chosen + (event.key === "ArrowDown" ? 1 : -1));
      else this.#take(this.#choices[this.#chosen]);
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      if (event.timeStamp - this.#escaped < TwiceWithin) this.querySelector("[data-stop]")?.click();
      this.#escaped = event.timeStamp;
    } else if (event.key === "ArrowUp" && this.#text.value === "") {
      const last = [...document.querySelectorAll(".part.prompt .said")].at(-1);
      if (!last) return;
      event.preventDefault();
      this.fill(last.innerText.trim());
    }
  }

  #click(event) {
    const file = event.target.closest("[data-files] button");
    const choice = event.target.closest("[data-choice]");
    if (event.target.closest("[data-send]")) this.send();
    else if (event.target.closest("[data-attach]")) this.#insert("@");
    else if (file) file.remove();
    else if (choice) this.#take(this.#choices[Number(choice.dataset.choice)]);
  }

  // Text is pasted as text; anything else becomes a file in the conversation's directory that goes along with the message.
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    this.#store(files);
  }

  #drop(event) {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    this.#store([...event.dataTransfer.files]);
  }

  async #store(files) {
    for (const file of files) {
      this.#hint(`Storing ${file.name}…`);
      try {
        this.#attach(await this.#storeOne(file));
        this.#hint("");
      } catch (error) {
        this.#hint(`${file.name}: ${error.message}`);
      }
    }
  }

  async #storeOne(file) {
    const dot = file.name.lastIndexOf(".");
    const [name, ending] = dot > 0 ? [file.name.slice(0, dot), file.name.slice(dot)] : [file.name, ""];
    for (let number = 1; ; number++) {
      const path = `attachments/${name}${number > 1 ? `-${number}` : ""}${ending}`;
      try {
        await putNew(this.dataset.workspace, [this.dataset.path, path].filter(Boolean).join("/"), file);
        return path;
      } catch (error) {
        if (error.status !== 412 || number >= MostOfOneName) throw error;
      }
    }
  }

  fill(text) {
    this.#text.value = text;
    this.#text.focus();
    this.#text.setSelectionRange(text.length, text.length);
    this.#typed();
  }

  #insert(text) {
    this.#text.focus();
    this.#text.setRangeText(text, this.#text.selectionStart, this.#text.selectionEnd, "end");
    this.#typed();
  }

  #word() {
    const before = this.#text.value.slice(0, this.#text.selectionStart);
    return /(?:^|\s)(@[^\s@]*)$/.exec(before)?.[1] ?? /^(\/\S*)$/.exec(before)?.[1] ?? "";
  }

  async #complete() {
    const word = this.#word();
    const asked = ++this.#asked;
    if (word.startsWith("/")) {
      const commands = JSON.parse(this.dataset.commands ?? "[]");
      this.#suggest(commands.filter(command => `/${command.name}`.startsWith(word)).map(command => ({ text: `/${command.name} `, label: `/${command.name}`, note: command.description })));
    } else if (word.startsWith("@") && this.dataset.workspace) {
      await new Promise(resolve => setTimeout(resolve, PauseBeforeAsking));
      if (asked !== this.#asked) return;
      const found = await this.#findFiles(word.slice(1)).catch(() => []);
      if (asked === this.#asked) this.#suggest(found);
    } else this.#suggest([]);
  }

  async #findFiles(typed) {
    const slash = typed.lastIndexOf("/");
    const directory = [this.dataset.path, typed.slice(0, Math.max(slash, 0))].filter(Boolean).join("/");
    const name = typed.slice(slash + 1).toLowerCase();
    const list = await get(`/workspaces/${this.dataset.workspace}/files?path=${encodeURIComponent(directory)}`);
    return list.items.filter(item => !item.name.startsWith(".") && item.name.toLowerCase().includes(name)).slice(0, 50).map(item => {
      const path = typed.slice(0, slash + 1) + item.name;
      return item.kind === "directory" ? { text: `@${path}/`, label: `${path}/`, open: true } : { file: path, label: path };
    });
  }

  #suggest(choices) {
    this.#choices = choices;
    const box = this.querySelector("[data-suggestions]");
    if (!box) return;
    box.hidden = choices.length === 0;
    box.replaceChildren(...choices.map((choice, index) => {
      const row = document.createElement("div");
      row.className = "row";
      row.role = "option";
      row.dataset.choice = index;
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = choice.label;
      const note = document.createElement("span");
      note.className = "quiet";
      note.textContent = choice.note ?? "";
      row.append(name, note);
      return row;
    }));
    this.#choose(0);
  }

  #choose(index) {
    if (this.#choices.length === 0) return;
    this.#chosen = (index + this.#choices.length) % this.#choices.length;
    [...this.querySelectorAll("[data-choice]")].forEach((row, at) => row.setAttribute("aria-selected", at === this.#chosen));
    this.querySelector(`[data-choice="${this.#chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }

  #take(choice) {
    const word = this.#word();
    const end = this.#text.selectionStart;
    this.#text.setRangeText(choice.file ?? choice.text, end - word.length, end, "end");
    if (choice.file) this.#attach(choice.file);
    this.#suggest([]);
    this.#typed();
    this.#text.focus();
  }

  #attach(path) {
    if (this.#files.includes(path)) return;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.file = path;
    button.title = "Take it away";
    button.textContent = `${path} ✕`;
    this.querySelector("[data-files]").append(button);
  }

  #hint(text) {
    this.querySelector("[data-hint]").textContent = text;
  }

  async send() {
    const text = this.#text.value;
    if (this.#sending || text.trim() === "") return;
    this.#sending = true;
    const attachments = this.#files;
    const key = this.#key_;
    const id = beginSending(key, text, attachments);
    this.#hint("Sending…");
    try {
      const { conversation, workspace, path, agent } = this.dataset;
      const title = text.trim().split("\n")[0].slice(0, LongestTitle);
      const target = conversation ?? (await post(`/workspaces/${workspace}/conversations`, { path: path ?? "", agent: agent ?? null, title }, { "Idempotency-Key": `${id}-new` })).id;
      await post(`/conversations/${target}/turns`, { text, attachments, queue: true }, { "Idempotency-Key": id });
      endSending(key);
      this.#sent(key, text, attachments);
      if (!conversation && this.isConnected && this.#key_ === key) Blazor.navigateTo(`/c/${target}`);
    } catch (error) {
      this.#hint(error instanceof TypeError ? "The host cannot be reached. Your text is kept; send it again in a moment." : error.message);
    } finally {
      this.#sending = false;
    }
  }

  // What was typed meanwhile stays, and so does another conversation's text where the person has gone on.
  #sent(key, text, attachments) {
    if (this.#key_ !== key || !this.#text) {
      if (readDraft(key) === text) keepDraft(key, "");
      return;
    }
    const typed = this.#text.value;
    this.#text.value = typed.startsWith(text) ? typed.slice(text.length).trimStart() : typed;
    keepDraft(key, this.#text.value);
    for (const button of this.querySelectorAll("[data-files] button")) if (attachments.includes(button.dataset.file)) button.remove();
    this.#grow();
    this.#hint("");
    this.dispatchEvent(new CustomEvent("op-sent", { bubbles: true }));
  }
}

customElements.define("op-composer", Composer);

document.addEventListener("click", event => {
  const suggestion = event.target.closest("[data-suggest]");
  if (suggestion) document.querySelector("op-composer")?.fill(suggestion.dataset.suggest);
});
