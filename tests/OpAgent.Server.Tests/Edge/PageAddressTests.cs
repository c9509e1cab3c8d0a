using Microsoft.Extensions.Options;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Tests.Edge;

public sealed class PageAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", null, "http://opagent.localhost:5080")]
    [InlineData("http://[::1]:5080", null, "http://opagent.localhost:5080")]
    [InlineData("https://0.0.0.0:5443", null, "https://opagent.localhost:5443")]
    [InlineData("https://[::]:5443", null, "https://opagent.localhost:5443")]
    [InlineData("http://192.168.1.7:5080", null, "http://192.168.1.7:5080")]
    [InlineData("http://192.168.1.7:5080;http://127.0.0.1:5081", null, "http://opagent.localhost:5081")]
    [InlineData("http://127.0.0.1:5080", "https://agents.example.org/", "https://agents.example.org")]
    public void Link_ToThePage_GoesToTheNameThatPeopleUse(string urls, string? publicUrl, string root)
    {
        var address = new PageAddress(Options.Create(new EdgeOptions { PublicUrl = publicUrl }));
        address.ListensOn(urls.Split(';'));

        Assert.Equal($"{root}/setup#code=1", address.Link("/setup", "code=1"));
    }
}
