import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client of the partner interface for Java 11 or later, without libraries.
 *
 * <pre>
 * HL_URL=https://host HL_APP_ID=hl_x HL_SECRET=... java Hotline.java GET /partner/v1/ping
 * ... java Hotline.java PUT /partner/v1/tickets/A-1 '{"content":"...","acceptedAt":"2026-11-22 10:00:00"}'
 * HL_SECRET=whsec_... java Hotline.java verify WEBHOOK-ID WEBHOOK-TIMESTAMP WEBHOOK-SIGNATURE &lt; body    (is a push genuine?)
 * </pre>
 */
public final class Hotline {
    private static final String ALGORITHM = "HL1-HMAC-SHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).followRedirects(HttpClient.Redirect.NEVER).build();
    private final String url;
    private final String appId;
    private final String secret;

    public Hotline(String url, String appId, String secret) {
        this.url = url.replaceAll("/+$", "");
        this.appId = appId;
        this.secret = secret;
    }

    /** A new nonce and time for every try, also when the same call is tried again. */
    public HttpResponse<String> send(String method, String target, String json) throws IOException, InterruptedException, GeneralSecurityException {
        byte[] body = json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
        String timestamp = Long.toString(System.currentTimeMillis() / 1000);
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String nonce = hex(random);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + target)).timeout(Duration.ofSeconds(10))
            .method(method, json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body))
            .header("X-Hl-App-Id", appId).header("X-Hl-Timestamp", timestamp).header("X-Hl-Nonce", nonce)
            .header("X-Hl-Signature", sign(secret, stringToSign(appId, timestamp, nonce, method, target, body)));
        if (json != null) request.header("Content-Type", "application/json; charset=utf-8");
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    public static String stringToSign(String appId, String timestamp, String nonce, String method, String target, byte[] body) throws GeneralSecurityException {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        List<String[]> pairs = new ArrayList<>();
        if (question >= 0 && question < target.length() - 1) {
            for (String pair : target.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                pairs.add(new String[] {equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1), pair});
            }
        }
        // Percent-encoded text is ASCII: comparing its characters is comparing its bytes.
        pairs.sort(Comparator.<String[], String>comparing(p -> p[0]).thenComparing(p -> p[1]));
        List<String> query = new ArrayList<>();
        for (String[] pair : pairs) query.add(pair[2]);
        return String.join("\n", ALGORITHM, appId, timestamp, nonce, method, path, String.join("&", query), hex(MessageDigest.getInstance("SHA-256").digest(body)));
    }

    public static String sign(String secret, String text) throws GeneralSecurityException {
        return hex(hmac(secret.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether a push came from the platform (Standard Webhooks). {@code body}: the bytes as they arrived. */
    public static boolean isGenuine(String secret, String id, String timestamp, String signatures, byte[] body, long nowSeconds) throws GeneralSecurityException {
        if (!timestamp.matches("[0-9]{1,12}") || Math.abs(nowSeconds - Long.parseLong(timestamp)) > 300) return false;
        byte[] key = Base64.getDecoder().decode(secret.startsWith("whsec_") ? secret.substring(6) : secret);
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[head.length + body.length];
        System.arraycopy(head, 0, signed, 0, head.length);
        System.arraycopy(body, 0, signed, head.length, body.length);
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(hmac(key, signed))).getBytes(StandardCharsets.UTF_8);
        boolean genuine = false;
        for (String given : signatures.split(" ")) genuine |= MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected);
        return genuine;
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) text.append(String.format("%02x", b));
        return text.toString();
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        String url = System.getenv("HL_URL");
        String appId = System.getenv("HL_APP_ID");
        String secret = System.getenv("HL_SECRET");
        if (arguments.length == 4 && arguments[0].equals("verify") && secret != null) {
            boolean genuine = isGenuine(secret, arguments[1], arguments[2], arguments[3], System.in.readAllBytes(), System.currentTimeMillis() / 1000);
            out.println(genuine ? "genuine" : "not genuine");
            System.exit(genuine ? 0 : 1);
        }
        if (arguments.length < 2 || arguments.length > 3 || url == null || appId == null || secret == null) {
            System.err.println("usage: HL_URL= HL_APP_ID= HL_SECRET= java Hotline.java METHOD /partner/v1/... [JSON]");
            System.exit(2);
        }
        HttpResponse<String> answer = new Hotline(url, appId, secret).send(arguments[0], arguments[1], arguments.length == 3 ? arguments[2] : null);
        out.println(answer.body());
        System.exit(answer.statusCode() < 400 ? 0 : 1);
    }
}
