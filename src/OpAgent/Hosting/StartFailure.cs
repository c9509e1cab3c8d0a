using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using OpAgent.Commands;
using OpAgent.Core.Problems;

namespace OpAgent.Hosting;

/// <summary>Says why a host could not start, what that means and what to do.</summary>
internal static class StartFailure
{
    /// <param name="exception">What the server threw.</param>
    /// <param name="urls">Where it was to listen.</param>
    /// <returns>Null for what nobody expects.</returns>
    public static ProblemException? Explain(Exception exception, string urls) => exception switch
    {
        IOException { InnerException: AddressInUseException } => CommandProblems.AddressNotUsable.With(
            $"An address of {urls} is taken by another program. Choose another with --urls, or end the program that has it."),
        SocketException or IOException { InnerException: SocketException } => CommandProblems.AddressNotUsable.With(
            $"The system refuses {urls}: {exception.Message}. Name an address of this machine with --urls; ports below 1024 are for root."),
        // A missing file is an IOException, a file that is none a CryptographicException, no certificate at all an InvalidOperationException.
        CryptographicException or InvalidOperationException or IOException or UnauthorizedAccessException when urls.Contains("https:", StringComparison.OrdinalIgnoreCase) =>
            CommandProblems.CertificateNotUsable.With(
                $"HTTPS on {urls} needs a certificate that the host can read: {FirstLine(exception.Message)} Name one with Kestrel:Certificates:Default:Path, and :KeyPath or :Password, in appsettings.json or the environment."),
        _ => null,
    };

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();
}
