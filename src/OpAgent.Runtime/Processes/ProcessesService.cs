using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Processes;

/// <summary>The system calls on processes.</summary>
internal sealed class ProcessesService(ConversationStore conversations) : Protocol.Processes.ProcessesBase
{
    public override Task<ListProcessesReply> List(ListProcessesRequest request, ServerCallContext context)
    {
        var reply = new ListProcessesReply();
        reply.Items.AddRange(Descendants().Select(item => new ProcessInfo
        {
            Pid = item.Status.Pid,
            Parent = item.Status.Parent,
            Conversation = item.Owner?.Conversation ?? "",
            Agent = item.Owner?.Agent ?? "",
            Command = ProcessStatus.ReadCommand(item.Status.Pid),
            State = item.Status.State.ToString(),
            CpuMilliseconds = (long)item.Status.Cpu.TotalMilliseconds,
            MemoryBytes = item.Status.ResidentBytes,
            Started = item.Status.Started.ToUnixTimeMilliseconds(),
            SessionLeader = item.Status.Pid == item.Owner?.Process.Pid,
        }));
        return Task.FromResult(reply);
    }

    public override Task<SignalReply> Signal(SignalRequest request, ServerCallContext context)
    {
        if (!Descendants().Any(item => item.Status.Pid == request.Pid))
            throw KnownProblems.InvalidRequest.With($"Process {request.Pid} was not started by a session of OpAgent, so it is not signalled.");
        if (LibC.kill(request.Pid, request.Signal) != 0) throw PosixException.Last($"kill {request.Pid}");
        return Task.FromResult(new SignalReply());
    }

    /// <summary>Everything below the runtime, with the session it belongs to: by its ancestors, or, for an orphan, by its POSIX session.</summary>
    private List<(ProcessStatus Status, AgentProcessOwner? Owner)> Descendants()
    {
        var all = ProcessStatus.ReadAll().ToDictionary(status => status.Pid);
        var agents = conversations.AgentProcesses().ToList();
        var owners = agents.ToDictionary(owner => owner.Process.SpawnedPid);
        var scaffold = agents.SelectMany(owner => owner.Process.Tree.Scaffold).ToHashSet();
        var found = new List<(ProcessStatus, AgentProcessOwner?)>();
        foreach (var status in all.Values)
        {
            AgentProcessOwner? owner = null;
            var current = status;
            for (var depth = 0; depth < 256; depth++)
            {
                owner ??= owners.GetValueOrDefault(current.Pid) ?? owners.GetValueOrDefault(current.Session);
                if (current.Parent == Environment.ProcessId)
                {
                    if (!scaffold.Contains(status.Pid)) found.Add((status, owner));
                    break;
                }

                if (!all.TryGetValue(current.Parent, out current!)) break;
            }
        }

        return [.. found.OrderBy(item => item.Item1.Pid)];
    }
}

/// <summary>Which conversation a live agent process belongs to.</summary>
internal sealed record AgentProcessOwner(ChildProcess Process, string Conversation, string Agent);
