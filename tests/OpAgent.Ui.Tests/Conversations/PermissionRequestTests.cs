using System.Text.Json;
using CsCheck;
using OpAgent.Server.Conversations;
using OpAgent.Ui.Conversations;

namespace OpAgent.Ui.Tests.Conversations;

public sealed class PermissionRequestTests
{
    [Fact]
    public void Read_OfAnEdit_ShowsThePathAndTheDiff()
    {
        var request = Read("""{"kind":"edit","title":"Edit intro.md","content":[{"type":"diff","path":"/srv/intro.md","oldText":"the the cat\n","newText":"the cat\n"}]}""");

        Assert.Equal("Allow this edit?", request.Question);
        Assert.Equal(["/srv/intro.md"], request.Paths);
        Assert.Contains("-the the cat", request.Details);
        Assert.Contains("+the cat", request.Details);
        Assert.StartsWith("```diff", request.Details);
    }

    [Fact]
    public void Read_OfACommand_ShowsItWhole()
    {
        var request = Read("""{"kind":"execute","title":"Run it","rawInput":{"command":"echo ``` ; rm -rf /"}}""");

        Assert.Equal("Allow this command?", request.Question);
        Assert.Contains("echo ``` ; rm -rf /", request.Details);
        Assert.StartsWith("````", request.Details);
    }

    [Fact]
    public void Read_OfSeveralChanges_HidesNoneOfTheFiles()
    {
        var request = Read("""{"kind":"edit","content":[{"type":"diff","path":"/srv/intro.md","newText":"a\n"},{"type":"diff","path":"/home/alice/.ssh/authorized_keys","newText":"b\n"}]}""");

        Assert.Equal(["/srv/intro.md", "/home/alice/.ssh/authorized_keys"], request.Paths);
        Assert.Contains("/home/alice/.ssh/authorized_keys", request.Details);
    }

    [Fact]
    public void Read_OfACommandWithContentBesides_ShowsTheCommandAllTheSame()
    {
        var request = Read("""{"kind":"execute","rawInput":{"command":"rm -rf /"},"content":[{"type":"content","content":{"type":"text","text":"Lists files."}}]}""");

        Assert.StartsWith("```sh\nrm -rf /", request.Details);
        Assert.EndsWith("Lists files.", request.Details);
    }

    [Fact]
    public void Options_WithNamesThatSayTheOpposite_AreLabelledByWhatTheyDo()
    {
        var options = Read("{}", """[{"optionId":"a","kind":"allow_once","name":"Reject"},{"optionId":"b","kind":"allow_always","name":"No"},{"optionId":"c","kind":"reject_once","name":"Allow"},{"optionId":"d","kind":"reject_always","name":"Yes"}]""").Options;

        Assert.Equal(["Allow", "Always here", "Reject", "Never"], options.Select(option => option.Label));
        Assert.Equal([true, true, false, false], options.Select(option => option.IsAllow));
    }

    [Fact]
    public void Read_OfAnything_DoesNotFail()
    {
        var scalar = Gen.OneOf(Gen.Const("null"), Gen.Const("1"), Gen.Const("\"x\""), Gen.Const("[]"), Gen.Const("{}"), Gen.Const("[1,null,{}]"), Gen.Const("""[{"type":"diff"}]"""), Gen.Const("""[{"type":"content","content":3}]"""));
        Gen.Select(scalar, scalar, scalar, scalar, scalar).Sample((kind, title, content, locations, options) =>
        {
            var request = Read($$"""{"kind":{{kind}},"title":{{title}},"content":{{content}},"locations":{{locations}},"rawInput":{{title}}}""", options);
            Assert.NotNull(request.Details);
        });
    }

    private static PermissionRequest Read(string toolCall, string options = "[]") =>
        PermissionRequest.Read(new PermissionView("p", "c", "t", null, null, "pending", JsonElement.Parse(toolCall), JsonElement.Parse(options), default, null, null));
}
