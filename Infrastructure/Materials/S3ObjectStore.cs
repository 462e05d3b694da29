using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Any store that speaks S3: MinIO, OSS, COS, Ceph. Requests are signed (SigV4) over the whole payload; checksums that only AWS knows are left out.</summary>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly S3Options _options;

    public S3ObjectStore(IOptions<MaterialsOptions> options)
    {
        _options = options.Value.S3;
        _client = new AmazonS3Client(new BasicAWSCredentials(_options.AccessKey, _options.SecretKey), new AmazonS3Config
        {
            ServiceURL = _options.Endpoint, AuthenticationRegion = _options.Region, ForcePathStyle = _options.PathStyle,
            Timeout = TimeSpan.FromSeconds(30), MaxErrorRetry = 2,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    public string Name => "s3";

    public Task PutAsync(string address, string path, CancellationToken cancel) => CallAsync(async () =>
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await _client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = _options.Bucket, Key = KeyOf(address), InputStream = file, AutoCloseStream = false, UseChunkEncoding = false, ContentType = "application/octet-stream",
        }, cancel);
        return true;
    });

    public Task<Stream> OpenAsync(string address, long offset, CancellationToken cancel) => CallAsync<Stream>(async () =>
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = KeyOf(address) };
        if (offset > 0) request.ByteRange = new ByteRange($"bytes={offset}-");
        return new Owned(await _client.GetObjectAsync(request, cancel));
    });

    public Task<bool> DeleteAsync(string address, CancellationToken cancel) => CallAsync(async () =>
    {
        await _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _options.Bucket, Key = KeyOf(address) }, cancel);
        return true;
    });

    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await CallAsync(() => _client.ListObjectsV2Async(request, cancel));
            foreach (var item in page.S3Objects ?? [])
                yield return new StoredObject(item.Key[_options.Prefix.Length..], item.Size ?? 0, item.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime()) : DateTimeOffset.MaxValue);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public Task PingAsync(CancellationToken cancel) => CallAsync(async () =>
    {
        await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix, MaxKeys = 1 }, cancel);
        return true;
    });

    public void Dispose() => _client.Dispose();

    private string KeyOf(string address) => address.Length == 64 && address.All(char.IsAsciiHexDigitLower) ? _options.Prefix + address : throw new ArgumentException("Not an address.", nameof(address));

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception e)
        {
            throw new StoreException(e.StatusCode switch
            {
                HttpStatusCode.NotFound when e.ErrorCode is "NoSuchKey" or "NotFound" => StoreFault.Missing,
                HttpStatusCode.InsufficientStorage => StoreFault.Full,
                _ => e.ErrorCode is "QuotaExceeded" or "XMinioStorageFull" ? StoreFault.Full : StoreFault.Away,
            }, e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException or TimeoutException)
        {
            throw new StoreException(StoreFault.Away, e);
        }
    }

    /// <summary>The body of an answer; ends the answer with itself.</summary>
    private sealed class Owned(GetObjectResponse response) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => response.ContentLength;
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => response.ResponseStream.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => response.ResponseStream.ReadAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) response.Dispose();
            base.Dispose(disposing);
        }
    }
}
