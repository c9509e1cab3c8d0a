#!/usr/bin/env node
// A scripted agent: the Agent Client Protocol by hand. ../README.md describes its script language and arguments.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';

const args = process.argv.slice(2);
const has = name => args.includes(name);
const keepsSessions = has('--load') || has('--resume');
const modes = [{ id: 'default', name: 'Default' }, { id: 'auto', name: 'Auto' }];
const permissions = [
  { optionId: 'node-proceed', name: 'Allow', kind: 'allow_once' },
  { optionId: 'node-proceed-always', name: 'Always allow', kind: 'allow_always' },
  { optionId: 'node-skip', name: 'Reject', kind: 'reject_once' },
  { optionId: 'node-skip-always', name: 'Always reject', kind: 'reject_always' },
];
const batch = 64 * 1024; // characters of message chunks that are written at once
const sessions = new Map();
const waiting = new Map(); // our own requests by id
let lastId = 0;
const kept = []; // memory and files that a script said to take
const ignored = new Set(); // of cancel, stdin-end, term: what a script said to ignore
let initialized = null;

/** The client cancelled the turn. */
class Cancelled extends Error { }

/** Ends the turn with the stop reason that is its message. */
class Stop extends Error { }

/** Answers a request with this JSON-RPC error. */
class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Resolves once the client has taken enough for more to be written. */
function write(data) {
  return process.stdout.write(data) ? undefined : new Promise(taken => process.stdout.once('drain', taken));
}

function send(message) {
  return write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
}

function contentOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function put(path, text) {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}

function number(word) {
  if (!/^-?\d+(\.\d+)?$/.test(word ?? '')) throw new SyntaxError(`${word} is not a number`);
  return Number(word);
}

/** Splits at the first spaces into so many words; the last one is the rest. */
function words(text, count) {
  const all = text.split(' ');
  if (all.length < count) throw new SyntaxError(`${text} has fewer than ${count} words`);
  return [...all.slice(0, count - 1), all.slice(count - 1).join(' ')];
}

class Session {
  mode = null;
  turn = null;
  updates = [];

  constructor(id, began, params) {
    Object.assign(this, { id, began, params });
    this.path = resolve(process.env.HOME ?? '/nonexistent', 'sessions', `${id}.json`);
  }

  save() {
    mkdirSync(resolve(this.path, '..'), { recursive: true });
    writeFileSync(this.path + '.new', JSON.stringify(this.updates));
    renameSync(this.path + '.new', this.path);
  }
}

/** One prompt, whose script runs line by line. */
class Turn {
  edits = 0;
  isCancelled = false;

  constructor(session, prompt) {
    const last = prompt.findLastIndex(block => block.type === 'text');
    if (last < 0) throw new Failure(-32602, 'no text in the prompt');
    this.session = session;
    this.before = prompt.slice(0, last).map(block => block.text ?? block.uri ?? block.resource.text);
    this.script = prompt[last].text;
    this.cancelled = new Promise((_, reject) => this.cancel = () => {
      this.isCancelled = true;
      reject(new Cancelled());
    });
    this.cancelled.catch(() => { });
  }

  /** Runs the script to its end and returns the stop reason. */
  async run() {
    this.keep({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: this.script } });
    try {
      for (const line of this.script.split('\n').filter(line => line.trim())) {
        this.check();
        await this.runLine(line);
      }
      this.check();
      return 'end_turn';
    } catch (error) {
      if (error instanceof Cancelled) return 'cancelled';
      if (error instanceof Stop) return error.message;
      throw error;
    } finally {
      if (keepsSessions) this.session.save();
    }
  }

  async runLine(line) {
    const end = line.indexOf(' ') < 0 ? line.length : line.indexOf(' ');
    const command = Object.hasOwn(commands, line.slice(0, end)) ? commands[line.slice(0, end)] : turn => turn.say('echo: ' + line);
    try {
      await command(this, line.slice(end + 1).replaceAll('\\n', '\n'));
    } catch (error) {
      throw error instanceof SyntaxError ? new Failure(-32602, 'cannot understand: ' + line) : error;
    }
  }

  check() {
    if (this.isCancelled) throw new Cancelled();
  }

  /** Waits for a promise; a cancelled turn leaves at once. */
  until(promise) {
    return Promise.race([promise, this.cancelled]);
  }

  async sleep(milliseconds) {
    let timer;
    try {
      await this.until(new Promise(done => timer = setTimeout(done, milliseconds)));
    } finally {
      clearTimeout(timer);
    }
  }

  keep(update) {
    if (keepsSessions) this.session.updates.push(update);
  }

  envelope(update) {
    return { method: 'session/update', params: { sessionId: this.session.id, update } };
  }

  update(sessionUpdate, fields) {
    const update = { sessionUpdate, ...fields };
    this.keep(update);
    return send(this.envelope(update));
  }

  say(text, kind = 'agent_message_chunk') {
    return this.update(kind, { content: { type: 'text', text } });
  }

  /** Asks the client and returns its whole answer, a result or an error. */
  request(method, params) {
    const id = ++lastId;
    const answer = new Promise(arrived => waiting.set(id, arrived));
    send({ id, method, params });
    return this.until(answer);
  }

  /** What stands before and after the text in a message chunk's line, so that many can be made quickly. */
  chunkLine() {
    const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: '|' } };
    const [before, after] = JSON.stringify({ jsonrpc: '2.0', ...this.envelope(update) }).split('|');
    return [before, after + '\n'];
  }

  async sendChunks(count, makeText, interval = 0) {
    const [before, after] = this.chunkLine();
    let lines = '';
    for (let i = 1; i <= count; i++) {
      lines += before + makeText(i) + after;
      if (interval > 0 || lines.length > batch) {
        await write(lines);
        lines = '';
        // Also without a pause the event loop must turn, or a cancellation would never be read.
        await (interval > 0 ? this.sleep(interval) : new Promise(setImmediate));
        this.check();
      }
    }
    await write(lines);
  }

  async edit(path, text) {
    const full = this.resolve(path);
    const toolCallId = `edit-${++this.edits}`;
    const call = {
      toolCallId, title: 'Edit ' + path, kind: 'edit', status: 'pending', locations: [{ path: full }],
      content: [{ type: 'diff', path: full, oldText: contentOf(full), newText: text }],
    };
    this.update('tool_call', call);
    let status = 'failed';
    try {
      const answer = await this.request('session/request_permission', { sessionId: this.session.id, toolCall: call, options: permissions });
      const outcome = answer.result?.outcome;
      if (outcome?.outcome === 'cancelled') throw new Cancelled();
      const chosen = permissions.find(option => option.optionId === outcome?.optionId);
      if (chosen?.kind.startsWith('allow') && put(full, text)) status = 'completed';
    } finally {
      this.update('tool_call_update', { toolCallId, status });
    }
  }

  resolve(path) {
    return resolve(this.session.params.cwd, path);
  }
}

const commands = {
  'say': (turn, text) => turn.say(text),
  'think': (turn, text) => turn.say(text, 'agent_thought_chunk'),
  'chunks': (turn, rest) => {
    const [count, size = 0, interval = 0] = rest.split(' ').map(number);
    return turn.sendChunks(count, i => `${i}`.padEnd(size - 1, '.') + ' ', interval);
  },
  'stamps': (turn, rest) => {
    const [count, interval = 0] = rest.split(' ').map(number);
    return turn.sendChunks(count, () => `${Math.round((performance.timeOrigin + performance.now()) * 1000)} `, interval);
  },
  'flood': async (turn, rest) => {
    const bytes = number(rest), piece = 'x'.repeat(8192);
    await turn.sendChunks(Math.floor(bytes / 8192), () => piece);
    await turn.sendChunks(1, () => 'x'.repeat(bytes % 8192));
  },
  'line': (turn, rest) => turn.sendChunks(1, () => 'x'.repeat(number(rest) - turn.chunkLine().join('').length + 1)),
  'tool': (turn, rest) => {
    const [toolCallId, kind, title] = words(rest, 3);
    return turn.update('tool_call', { toolCallId, title, kind, status: 'in_progress' });
  },
  'tool-done': (turn, rest) => {
    const [toolCallId, ...text] = rest.split(' ');
    const content = text.length > 0 ? { content: [{ type: 'content', content: { type: 'text', text: text.join(' ') } }] } : {};
    return turn.update('tool_call_update', { toolCallId, status: 'completed', ...content });
  },
  'tool-update-only': (turn, toolCallId) =>
    turn.update('tool_call_update', { toolCallId, title: 'Never announced', kind: 'read', status: 'completed' }),
  'plan': (turn, rest) =>
    turn.update('plan', { entries: rest.split(';').map(step => ({ content: step.trim(), priority: 'medium', status: 'pending' })) }),
  'usage': (turn, rest) => {
    const [used, size, amount] = words(rest, 3).map(number);
    return turn.update('usage_update', { used, size, cost: { amount, currency: 'USD' } });
  },
  'edit': (turn, rest) => turn.edit(...words(rest, 2)),
  'write': (turn, rest) => {
    const [path, text] = words(rest, 2);
    if (!put(turn.resolve(path), text)) return turn.say('cannot write ' + path);
  },
  'read': (turn, path) => turn.say(contentOf(turn.resolve(path)) ?? 'cannot read ' + path),
  'env': turn => turn.say(Object.entries(process.env).map(pair => pair.join('=')).sort().join('\n')),
  'cwd': turn => turn.say(process.cwd()),
  'pid': turn => turn.say(`${process.pid}`),
  'ids': turn => {
    // Node has no call for these: fields 5 and 6 of proc_pid_stat(5), counted behind the name, which may hold spaces.
    const stat = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '').split(' ');
    return turn.say(`${process.pid} ${stat[2]} ${stat[3]}`);
  },
  'history': turn => turn.say(turn.before.join('\n') || 'none'),
  'session': turn => turn.say(`${turn.session.id} ${turn.session.began}`),
  'mode': turn => turn.say(turn.session.mode ?? 'none'),
  'params': turn => turn.say(JSON.stringify({ initialize: initialized, session: turn.session.params })),
  'stderr': (_, text) => writeSync(2, text + '\n'),
  'junk': (_, text) => write(text + '\n'),
  'junk-bytes': (_, rest) => {
    const junk = randomBytes(number(rest)).map(byte => byte === 10 ? 0 : byte);
    junk[0] = 0xff;
    return write(Buffer.concat([junk, Buffer.from('\n')]));
  },
  'sleep': (turn, rest) => turn.sleep(number(rest)),
  'wait-file': async (turn, path) => {
    while (!existsSync(turn.resolve(path))) await turn.sleep(2);
  },
  'hang': turn => turn.cancelled,
  'exit': async (_, rest) => {
    const code = number(rest);
    await flushed();
    process.exit(code);
  },
  'kill': async (turn, rest) => {
    const signal = /^\d+$/.test(rest) ? Number(rest) : constants.signals['SIG' + rest];
    if (signal === undefined) throw new SyntaxError(`no signal ${rest}`);
    await flushed();
    process.kill(process.pid, signal);
    await turn.cancelled;
  },
  'spawn-child': (turn, rest) => {
    const [seconds, how] = rest.split(' ');
    const child = spawn('sleep', [seconds], { stdio: ['ignore', 'inherit', 'inherit'], detached: how === 'detached' });
    child.unref();
    return turn.say(`${child.pid}`);
  },
  'take-memory': (_, rest) => {
    const [size, after = 0] = rest.split(' ').map(number);
    const take = () => { kept.push(Buffer.alloc(size, 'x')); };
    if (after > 0) setTimeout(take, after);
    else take();
  },
  'open-files': (turn, rest) => {
    let count = 0;
    try {
      for (; count < number(rest); count++) kept.push(openSync('/dev/null'));
    } catch {
      // As many as the system lets it.
    }
    return turn.say(`${count}`);
  },
  'ignore-cancel': () => { ignored.add('cancel'); },
  'ignore-stdin-end': () => { ignored.add('stdin-end'); },
  'ignore-term': () => { ignored.add('term'); },
  'stop': (_, reason) => { throw new Stop(reason); },
  'fail': (_, rest) => {
    const [code, message] = words(rest, 2);
    throw new Failure(number(code), message);
  },
  'unknown-update': turn => turn.update('scripted_unknown', { detail: 'a kind that nobody knows' }),
  'unknown-request': async turn => {
    const answer = await turn.request('scripted/unknown', { sessionId: turn.session.id });
    return turn.say(`${answer.error?.code ?? 'none'}`);
  },
};

/** Resolves once everything written so far has left the process. */
function flushed() {
  return new Promise(done => process.stdout.write('', done));
}

const methods = {
  'initialize': params => {
    if (has('--fail-initialize')) throw new Failure(-32603, 'refuses to initialize, as told');
    initialized = params;
    return {
      protocolVersion: 1, authMethods: [], agentInfo: { name: 'scripted-node', version: '1.0.0' },
      agentCapabilities: {
        loadSession: has('--load'), promptCapabilities: { embeddedContext: true }, sessionCapabilities: has('--resume') ? { resume: {} } : {},
      },
    };
  },
  'session/new': params => {
    const session = new Session(randomBytes(8).toString('hex'), 'new', params);
    if (keepsSessions) session.save();
    return { sessionId: session.id, ...open(session) };
  },
  'session/load': params => {
    const session = restore(params, 'load');
    for (const update of session.updates) send({ method: 'session/update', params: { sessionId: session.id, update } });
    return open(session);
  },
  'session/resume': params => open(restore(params, 'resume')),
  'session/set_mode': params => {
    choose(params, '--modes', params.modeId);
    return {};
  },
  'session/set_config_option': params => configOf(choose(params, '--config-mode', params.value)),
  'session/prompt': async params => {
    const session = sessionOf(params);
    if (session.turn) throw new Failure(-32600, 'a turn is running');
    if (!params.prompt) throw new Failure(-32602, "missing 'prompt'");
    session.turn = new Turn(session, params.prompt);
    try {
      return { stopReason: await session.turn.run() };
    } finally {
      session.turn = null;
    }
  },
  'session/cancel': params => {
    if (!ignored.has('cancel')) sessionOf(params).turn?.cancel();
  },
};

function restore(params, began) {
  if (!has('--' + began)) throw new Failure(-32601, 'unknown method session/' + began);
  const session = new Session(params.sessionId, began, params);
  const saved = contentOf(session.path);
  if (saved === null) throw new Failure(-32002, 'no session ' + session.id);
  session.updates = JSON.parse(saved);
  return session;
}

function open(session) {
  sessions.set(session.id, session);
  if (!has('--modes') && !has('--config-mode')) return {};
  session.mode = 'auto';
  return has('--modes') ? { modes: { currentModeId: session.mode, availableModes: modes } } : configOf(session);
}

function configOf(session) {
  const options = modes.map(mode => ({ value: mode.id, name: mode.name }));
  return { configOptions: [{ id: 'mode', name: 'Mode', category: 'mode', type: 'select', currentValue: session.mode, options }] };
}

function choose(params, needed, mode) {
  if (!has(needed) || !modes.some(known => known.id === mode) || (params.configId ?? 'mode') !== 'mode') {
    throw new Failure(-32602, `no mode ${mode} here`);
  }
  const session = sessionOf(params);
  session.mode = mode;
  return session;
}

function sessionOf(params) {
  const session = sessions.get(params.sessionId);
  if (!session) throw new Failure(-32002, `no session ${params.sessionId}`);
  return session;
}

async function receive(line) {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    return send({ id: null, error: { code: -32700, message: 'not JSON' } });
  }
  if (!message.method) {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
    return;
  }
  let reply;
  try {
    if (!Object.hasOwn(methods, message.method)) throw new Failure(-32601, 'unknown method ' + message.method);
    const result = methods[message.method](message.params ?? {});
    // Not awaited where it is there already, so that an answer goes out before the next message is read.
    reply = { result: result instanceof Promise ? await result : result };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    reply = { error: { code: error.code, message: error.message } };
  }
  if ('id' in message) send({ id: message.id, ...reply });
}

function serve() {
  if (has('--exit-at-start')) {
    const code = Number(args[args.indexOf('--exit-at-start') + 1]);
    writeSync(2, `exits with ${code}, as told\n`);
    process.exit(code);
  }
  if (has('--junk-at-start')) write('Warning: this line is not JSON\n');
  // Split by hand at \n alone: the lines of node:readline also end at U+2028.
  let parts = [];
  process.stdin.on('data', data => {
    for (let end; (end = data.indexOf(10)) >= 0; data = data.subarray(end + 1)) {
      const line = Buffer.concat([...parts, data.subarray(0, end)]).toString();
      parts = [];
      if (!has('--hang-at-start')) receive(line);
    }
    if (data.length > 0) parts.push(data);
  });
  process.stdin.on('end', () => ignored.has('stdin-end') ? setInterval(() => { }, 60_000) : process.exit(0));
  process.once('SIGTERM', function terminate() {
    if (ignored.has('term')) process.once('SIGTERM', terminate);
    else process.kill(process.pid, 'SIGTERM');
  });
}

serve();
