using OpAgent.Acp;
using OpAgent.Agents.Librarian;
using OpAgent.Agents.Text.Sessions;

var info = new Implementation("librarian", "0.1.0") { Title = "Librarian" };
await AcpAgentConnection.RunStdioAsync(client => new DirectoryAgent(client, info, tree => new LibrarianSession(tree, TimeProvider.System)));
