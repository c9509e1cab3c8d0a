using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Librarian.Words;

namespace OpAgent.Agents.Librarian.Tests.Words;

public sealed class WordsTests
{
    [Theory]
    [InlineData("configure", "configured", "configures", "configuring", "configuration", "configurations")]
    [InlineData("policy", "policies")]
    [InlineData("proxy", "proxies", "proxied", "proxying")]
    [InlineData("cookie", "cookies")]
    [InlineData("cache", "caches", "cached", "caching")]
    [InlineData("create", "creates", "created", "creating", "creation")]
    [InlineData("authenticate", "authenticated", "authentication", "authenticating")]
    [InlineData("authorize", "authorized", "authorization")]
    [InlineData("run", "runs", "running")]
    [InlineData("cancel", "cancelled", "canceled", "cancelling", "cancellation")]
    [InlineData("process", "processes", "processed", "processing")]
    [InlineData("deploy", "deploys", "deployed", "deployment", "deployments")]
    [InlineData("route", "routes", "routed", "routing")]
    [InlineData("key", "keys")]
    [InlineData("box", "boxes")]
    public void EnglishStem_FormsOfAWord_AreTheSame(params string[] forms) => Assert.Single(forms.Select(Stem).Distinct());

    [Theory]
    [InlineData("author", "authorization")]
    [InlineData("http", "https")]
    [InlineData("head", "header")]
    [InlineData("state", "station")]
    [InlineData("string", "str")]
    [InlineData("status", "stat")]
    [InlineData("session", "sess")]
    public void EnglishStem_OtherWords_StayApart(string one, string other) => Assert.NotEqual(Stem(one), Stem(other));

    [Theory]
    [InlineData("Straße Ärger", "strasse arger")]
    [InlineData("Ångström naïve Łódź", "angstrom naive lodz")]
    [InlineData("cafe\u0301", "cafe")]
    [InlineData("Việt", "viet")]
    [InlineData("ПРИВЕТ", "привет")]
    [InlineData("ＡＢＣ", "abc")]
    public void WordReader_Folded_HasNoCaseAndNoDiacritics(string text, string expected) => Assert.Equal(expected, string.Join(' ', Read(text).Select(token => token.Folded)));

    [Theory]
    [InlineData("SessionAffinity", "Compound:sessionaffinity Part:session Part:affinity")]
    [InlineData("HTTPServer", "Compound:httpserver Part:http Part:server")]
    [InlineData("max_length", "Compound:maxlength Part:max Part:length")]
    [InlineData("don't it's l'école", "Word:don Word:it Word:l Word:ecole")]
    [InlineData("rate-limit a.b", "Word:rate Word:limit Word:a Word:b")]
    [InlineData("C# and C++", "Word:c# Word:and Word:c++")]
    [InlineData("http3 _x_", "Word:http3 Word:x")]
    [InlineData("黒猫が", "Ideograph:黒 IdeographPair:黒猫 Ideograph:猫 IdeographPair:猫が Ideograph:が")]
    [InlineData("", "")]
    public void WordReader_Text_GivesTokens(string text, string expected) => Assert.Equal(expected, string.Join(' ', Read(text).Select(token => $"{token.Kind}:{token.Folded}")));

    [Theory]
    [InlineData("How do I configure the cookies?", "configure cookies")]
    [InlineData("and where is that?", "")]
    [InlineData("Which file?", "file")]
    [InlineData("Which file has the cookies?", "cookies")]
    [InlineData("cookie Cookies COOKIE", "cookie")]
    [InlineData("東京 東 café", "東京 東 café")]
    [InlineData("SessionAffinity", "SessionAffinity Session Affinity")]
    public void Query_Question_KeepsWhatItIsAbout(string question, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : expected.Split(' '), Query.Parse(question).Terms.Select(term => term.Shown.Length == 1 && term.Stem.Length == 2 ? term.Stem : term.Shown));

    [Fact]
    public void Query_EndlessQuestion_IsCutOff() =>
        Assert.Equal(Query.MaxTerms, Query.Parse(string.Join(' ', Enumerable.Range(0, 100_000).Select(i => $"word{i}"))).Terms.Length);

    private static string Stem(string word) => word[..EnglishStem.Length(word)];

    private static List<(TokenKind Kind, string Folded)> Read(string text)
    {
        var tokens = new List<(TokenKind, string)>();
        var reader = new WordReader(text, stackalloc char[WordReader.BufferLength]);
        while (reader.Read()) tokens.Add((reader.Kind, reader.Folded.ToString()));
        return tokens;
    }
}
