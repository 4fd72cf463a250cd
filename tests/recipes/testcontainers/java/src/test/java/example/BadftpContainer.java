package example;

import static java.util.stream.Collectors.joining;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** badftp in a container, at whatever ports outside are free. */
class BadftpContainer extends GenericContainer<BadftpContainer> {
    static final int FTP = 2121;
    static final int SFTP = 2222;
    static final int CONTROL = 2180;
    static final int PASSIVE = 30000;

    private final HttpClient http = HttpClient.newHttpClient();

    BadftpContainer() {
        super(DockerImageName.parse(System.getenv().getOrDefault("BADFTP_IMAGE", "badftp")));
        withExposedPorts(FTP, SFTP, CONTROL, PASSIVE);
        withEnv("BADFTP_CONTROL_TOKEN", "none");
        waitingFor(Wait.forHttp("/health").forPort(CONTROL));
    }

    /** It is told of its ports outside: passive mode and known_hosts name them. */
    @Override
    protected void containerIsStarted(InspectContainerResponse info) {
        String ports = Stream.of(FTP, SFTP, PASSIVE)
                .map(port -> "\"%d\": %d".formatted(port, getMappedPort(port)))
                .collect(joining(", "));
        ask("PUT", "/advertise", "{\"address\": \"%s\", \"ports\": {%s}}".formatted(getHost(), ports));
    }

    /** The body of the answer; a refusal fails the test with what badftp says of it. */
    String ask(String method, String path, String body) {
        URI uri = URI.create("http://%s:%d%s".formatted(getHost(), getMappedPort(CONTROL), path));
        HttpRequest request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new AssertionError(answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void load(String scenario) {
        ask("PUT", "/scenario", scenario);
    }

    String stored(String path) {
        return ask("GET", "/files" + path, "");
    }

    void verify() {
        ask("GET", "/verify?format=text", "");
    }
}
