using OpAgent.Server.Edge;

namespace OpAgent.Server.Tests.Edge;

public sealed class EdgeOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:0;http://[::1]:5081")]
    [InlineData("https://0.0.0.0:5443")]
    public void Validate_AddressesThatAreSafe_Succeeds(string urls) =>
        Assert.True(new EdgeOptionsValidator().Validate(null, new() { Urls = urls }).Succeeded);

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://192.168.1.7:5080")]
    public void Validate_OpenToOthersWithoutTls_WantsInsecureHttp(string urls)
    {
        var refused = new EdgeOptionsValidator().Validate(null, new() { Urls = urls });
        var allowed = new EdgeOptionsValidator().Validate(null, new() { Urls = urls, InsecureHttp = true });

        Assert.Contains("--insecure-http", refused.FailureMessage);
        Assert.True(allowed.Succeeded);
    }

    [Theory]
    [InlineData("Urls", "ftp://127.0.0.1", null, null, null)]
    [InlineData("Urls", "5080", null, null, null)]
    [InlineData("Urls", "http://agents.example.org:80", null, null, null)]
    [InlineData("PublicUrl", null, "agents.example.org", null, null)]
    [InlineData("PublicUrl", null, "https://example.org/agents", null, null)]
    [InlineData("AllowedHosts", null, null, "http://agents", null)]
    [InlineData("TrustedProxies", null, null, null, "proxy")]
    public void Validate_WhatCannotWork_NamesTheKey(string key, string? urls, string? publicUrl, string? allowedHosts, string? trustedProxies)
    {
        var result = new EdgeOptionsValidator().Validate(
            null, new() { Urls = urls, PublicUrl = publicUrl, AllowedHosts = allowedHosts, TrustedProxies = trustedProxies });

        Assert.StartsWith(key + ":", result.FailureMessage);
    }
}
