using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>Why a pushed message is not taken.</summary>
public enum PushFault
{
    None,
    /// <summary>Not signed with our token: not from WeChat.</summary>
    BadSignature,
    /// <summary>Signed, but not sealed with our key: token and EncodingAESKey of two different settings.</summary>
    BadCipher,
    /// <summary>For another mini-program.</summary>
    OtherApp,
}

/// <param name="Message">The message itself (JSON), when there is no fault.</param>
public readonly record struct OpenedPush(PushFault Fault, byte[] Message);

/// <summary>
/// Signature and seal of WeChat's message push in 安全模式. The padding is PKCS#7 with a block of 32, which .NET's own padding
/// refuses, and the sort of the signature is ordinal, which .NET's default sort is not.
/// </summary>
/// <remarks>SHA-1 and the IV taken from the key are WeChat's, not ours to choose.</remarks>
public sealed class MessagePush
{
    private const int PadBlock = 32;
    private const int RandomLength = 16;

    private readonly string _token;
    private readonly byte[] _key;
    private readonly byte[] _appId;

    public MessagePush(string token, string encodingAesKey, string appId)
    {
        if (!IsKey(encodingAesKey)) throw new ArgumentException("An EncodingAESKey has 43 characters.", nameof(encodingAesKey));
        (_token, _key, _appId) = (token, Convert.FromBase64String(encodingAesKey + "="), Encoding.UTF8.GetBytes(appId));
    }

    public static bool IsKey(string text) => text.Length == 43 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');

    /// <summary>The check of the address (<c>GET … &amp;echostr=</c>): <c>signature</c> over token, time stamp and nonce.</summary>
    public bool IsFromWeChat(string? signature, string? timestamp, string? nonce) => Matches(signature, Sign(_token, timestamp ?? "", nonce ?? ""));

    /// <summary>Opens a pushed message. <paramref name="messageSignature"/> is <c>msg_signature</c>; the plain <c>signature</c> does not cover the content.</summary>
    public OpenedPush Open(string? messageSignature, string? timestamp, string? nonce, string? encrypted)
    {
        if (!Matches(messageSignature, Sign(_token, timestamp ?? "", nonce ?? "", encrypted ?? ""))) return new OpenedPush(PushFault.BadSignature, []);
        var cipher = new byte[(encrypted ?? "").Length];
        if (!Convert.TryFromBase64String(encrypted ?? "", cipher, out var length) || length == 0 || length % 16 != 0) return new OpenedPush(PushFault.BadCipher, []);
        using var aes = Cipher();
        var plain = aes.DecryptCbc(cipher.AsSpan(0, length), _key.AsSpan(0, 16), PaddingMode.None);
        var pad = plain[^1];
        if (pad is < 1 or > PadBlock || plain.Length - pad < RandomLength + 4) return new OpenedPush(PushFault.BadCipher, []);
        var content = plain.AsSpan(RandomLength, plain.Length - pad - RandomLength);
        var size = BinaryPrimitives.ReadInt32BigEndian(content);
        if (size < 0 || size > content.Length - 4) return new OpenedPush(PushFault.BadCipher, []);
        if (!content[(4 + size)..].SequenceEqual(_appId)) return new OpenedPush(PushFault.OtherApp, []);
        return new OpenedPush(PushFault.None, content.Slice(4, size).ToArray());
    }

    /// <summary>A sealed reply as JSON. Most events are answered with the bare word <c>success</c> instead.</summary>
    public string Seal(string message, long timestamp, string nonce) => Seal(message, timestamp, nonce, RandomNumberGenerator.GetBytes(RandomLength));

    internal string Seal(string message, long timestamp, string nonce, byte[] random)
    {
        var text = Encoding.UTF8.GetBytes(message);
        var length = RandomLength + 4 + text.Length + _appId.Length;
        var pad = PadBlock - length % PadBlock;
        var plain = new byte[length + pad];
        random.CopyTo(plain, 0);
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(RandomLength), text.Length);
        text.CopyTo(plain, RandomLength + 4);
        _appId.CopyTo(plain, RandomLength + 4 + text.Length);
        plain.AsSpan(length).Fill((byte)pad);
        using var aes = Cipher();
        var encrypted = Convert.ToBase64String(aes.EncryptCbc(plain, _key.AsSpan(0, 16), PaddingMode.None));
        var signature = Sign(_token, timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture), nonce, encrypted);
        return JsonSerializer.Serialize(new { Encrypt = encrypted, MsgSignature = signature, TimeStamp = timestamp, Nonce = nonce }, WeChatJson.Outgoing);
    }

    /// <summary>What WeChat signs: the parts in ordinal order, joined, SHA-1, lower-case hex.</summary>
    internal static string Sign(params string[] parts)
    {
        Array.Sort(parts, StringComparer.Ordinal);
#pragma warning disable CA5350 // WeChat's protocol
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
#pragma warning restore CA5350
    }

    private static bool Matches(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(expected));

    private Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = _key;
        return aes;
    }
}
