using Microsoft.Playwright;

namespace OpAgent.EndToEnd.Browsing;

/// <summary>The way in, as a person takes it.</summary>
internal static class Door
{
    public const string Name = "alice";
    public const string Password = "correct horse battery";

    public static async Task SetUpAsync(Person person, string link)
    {
        await person.Page.GotoAsync(link);
        await person.Page.GetByLabel("Your name").FillAsync(Name);
        await person.Page.GetByLabel("Password").FillAsync(Password);
        await person.Button("Create my account").ClickAsync();
        await Assertions.Expect(person.Find(".shell")).ToBeVisibleAsync();
    }

    public static async Task SignInAsync(Person person, string password = Password)
    {
        await person.Page.GetByLabel("Name").FillAsync(Name);
        await person.Page.GetByLabel("Password").FillAsync(password);
        await person.Button("Sign in").ClickAsync();
    }
}
