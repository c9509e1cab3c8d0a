using System.Diagnostics.CodeAnalysis;

namespace OpAgent.Core.Conversations;

/// <summary>Why a conversation file cannot be read: <see cref="Message"/> says what is wrong and what to do, <see cref="Line"/> counts from 1.</summary>
public sealed record ConversationError(int Line, string Message)
{
    public override string ToString() => $"line {Line}: {Message}";
}

/// <summary>A conversation, or why its file cannot be read. Exactly one of the two is set.</summary>
public sealed record ConversationParseResult
{
    private ConversationParseResult(Conversation? conversation, ConversationError? error) => (Conversation, Error) = (conversation, error);

    public Conversation? Conversation { get; }

    public ConversationError? Error { get; }

    [MemberNotNullWhen(true, nameof(Conversation))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid => Error is null;

    public static implicit operator ConversationParseResult(Conversation conversation) => new(conversation, null);

    public static implicit operator ConversationParseResult(ConversationError error) => new(null, error);
}

/// <summary>The front matter of a conversation file, or why it cannot be read. Exactly one of the two is set.</summary>
public sealed record ConversationHeaderResult
{
    private ConversationHeaderResult(ConversationHeader? header, ConversationError? error) => (Header, Error) = (header, error);

    public ConversationHeader? Header { get; }

    public ConversationError? Error { get; }

    [MemberNotNullWhen(true, nameof(Header))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid => Error is null;

    public static implicit operator ConversationHeaderResult(ConversationHeader header) => new(header, null);

    public static implicit operator ConversationHeaderResult(ConversationError error) => new(null, error);
}
