using OpAgent.Acp;
using OpAgent.Agents.Proofreader;
using OpAgent.Agents.Text.Sessions;

var info = new Implementation("proofreader", "0.1.0") { Title = "Proofreader" };
await AcpAgentConnection.RunStdioAsync(client => new DirectoryAgent(client, info, tree => new ProofreaderSession(tree)));
