// Keeps the page on its circuit: a lost connection is taken up again; where the host has forgotten the circuit, the same place is loaded anew.
const FirstPause = 500, LongestPause = 5000;
const banner = document.getElementById("connection");
let isDown = false;

const wait = time => new Promise(resolve => setTimeout(resolve, time));

async function returnToCircuit() {
  for (let pause = FirstPause; isDown; pause = Math.min(pause * 2, LongestPause)) {
    await wait(pause);
    try {
      const ready = await fetch("/healthz/ready", { cache: "no-store" });
      if (!ready.ok) continue;
      // A session that has ended takes its connections along: the page that asks to sign in comes next.
      const hasAccess = (await fetch("/api/v1/account", { cache: "no-store" })).ok;
      if (hasAccess && await Blazor.reconnect()) return up();
      location.reload();
      return;
    } catch {
      // Not there yet.
    }
  }
}

function up() {
  isDown = false;
  banner.hidden = true;
  delete document.body.dataset.connection;
}

function down() {
  if (isDown) return;
  isDown = true;
  banner.hidden = false;
  // What the page says of machines and agents is from before.
  document.body.dataset.connection = "lost";
  returnToCircuit();
}

export function connect() {
  Blazor.start({
    circuit: { reconnectionHandler: { onConnectionDown: down, onConnectionUp: up } },
  });
}
