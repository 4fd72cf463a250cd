package upload

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// badftp in a container, at whatever ports outside are free, for one test.
type badftp struct {
	t         *testing.T
	container *testcontainers.DockerContainer
}

func start(t *testing.T) badftp {
	image := os.Getenv("BADFTP_IMAGE")
	if image == "" {
		image = "badftp"
	}
	container, err := testcontainers.Run(context.Background(), image,
		testcontainers.WithExposedPorts("2121/tcp", "2222/tcp", "2180/tcp", "30000/tcp"),
		testcontainers.WithEnv(map[string]string{"BADFTP_CONTROL_TOKEN": "none"}),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/health").WithPort("2180/tcp")),
	)
	testcontainers.CleanupContainer(t, container)
	if err != nil {
		t.Fatal(err)
	}
	b := badftp{t, container}
	b.advertise("2121", "2222", "30000")
	return b
}

// It is told of its ports outside: passive mode and known_hosts name them.
func (b badftp) advertise(ports ...string) {
	outside := map[string]json.Number{}
	var host string
	for _, port := range ports {
		var number string
		host, number, _ = net.SplitHostPort(b.address(port))
		outside[port] = json.Number(number)
	}
	advertised, err := json.Marshal(map[string]any{"address": host, "ports": outside})
	if err != nil {
		b.t.Fatal(err)
	}
	b.ask("PUT", "/advertise", string(advertised))
}

// Where a port of the container is reached from outside.
func (b badftp) address(port string) string {
	address, err := b.container.PortEndpoint(context.Background(), port+"/tcp", "")
	if err != nil {
		b.t.Fatal(err)
	}
	return address
}

// The body of the answer; a refusal fails the test with what badftp says of it.
func (b badftp) ask(method, path, body string) string {
	b.t.Helper()
	request, err := http.NewRequest(method, "http://"+b.address("2180")+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if answer.StatusCode >= 300 {
		b.t.Fatalf("%s", text)
	}
	return string(text)
}
