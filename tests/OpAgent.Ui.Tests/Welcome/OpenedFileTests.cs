using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OpAgent.Server.Workspaces;
using OpAgent.Ui.Welcome;

namespace OpAgent.Ui.Tests.Welcome;

public sealed class OpenedFileTests : BunitContext
{
    [Theory]
    [InlineData("/home/alice/Documents/OpAgent/welcome", ".opagent/conversations/2026-11-22-asked.md", 1)]
    [InlineData("/home/alice/Documents/OpAgent/welcome", "drafts/.opagent/conversations/2026-11-22-check.md", 1)]
    [InlineData("/home/alice/Documents/OpAgent/welcome", "handbook/boat.md", 0)]
    [InlineData("/srv/docs", ".opagent/conversations/2026-11-22-asked.md", 0)]
    public void File_ThatIsShown_IsNotedWhereItIsAConversationOfTheTour(string workspace, string path, int noted)
    {
        JSInterop.SetupVoid("localStorage.setItem", _ => true).SetVoidResult();
        Services.AddScoped(provider => new TourProgress(null!, provider.GetRequiredService<Microsoft.JSInterop.IJSRuntime>()));

        Render<OpenedFile>(parameters => parameters.Add(file => file.Workspace, new WorkspaceView("w1", "local", workspace, "welcome", true, true)).Add(file => file.Path, path));

        Assert.Equal(noted, JSInterop.Invocations["localStorage.setItem"].Count);
    }
}
