using OpAgent.Core.Problems;

namespace OpAgent.Server.Edge;

/// <summary>Why a host cannot listen, and so not start.</summary>
public static class EdgeProblems
{
    public static readonly Problem AddressNotUsable = new("address-not-usable", 500, "The host cannot listen there");
    public static readonly Problem CertificateNotUsable = new("certificate-not-usable", 500, "The host's certificate cannot be used");
}
