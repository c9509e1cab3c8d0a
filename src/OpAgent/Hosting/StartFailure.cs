using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;

namespace OpAgent.Hosting;

/// <summary>Says why a host could not begin to listen and what to do.</summary>
internal static class StartFailure
{
    /// <param name="exception">What the server threw.</param>
    /// <param name="urls">Where it was to listen.</param>
    /// <returns>Null for what nobody expects.</returns>
    public static ProblemException? Explain(Exception exception, string urls) => exception switch
    {
        IOException { InnerException: AddressInUseException } => EdgeProblems.AddressNotUsable.With(
            $"An address of {urls} is taken by another program. Choose another with --urls, or end the program that has it."),
        SocketException or IOException { InnerException: SocketException } => EdgeProblems.AddressNotUsable.With(
            $"The system refuses {urls}: {exception.Message}. Name an address of this machine with --urls; ports below 1024 are for root."),
        _ => null,
    };
}
