// go mod tidy
// go test

package upload

import (
	"bytes"
	"errors"
	"net/textproto"
	"testing"
	"time"

	"github.com/jlaffaye/ftp"
)

const report = "day,sold\nmonday,3\n"

// What is tested: an upload that tries again.
func upload(address string, tries int) error {
	err := store(address)
	var refusal *textproto.Error
	for errors.As(err, &refusal) && refusal.Code/100 == 4 && tries > 1 {
		time.Sleep(500 * time.Millisecond)
		err = store(address)
		tries--
	}
	return err
}

func store(address string) error {
	client, err := ftp.Dial(address, ftp.DialWithTimeout(10*time.Second))
	if err != nil {
		return err
	}
	defer client.Quit()
	if err := client.Login("ann", "secret"); err != nil {
		return err
	}
	return client.Stor("report.csv", bytes.NewBufferString(report))
}

func TestABusyServerIsAskedAgain(t *testing.T) {
	badftp := start(t)
	badftp.ask("PUT", "/scenario", `
rules: [{when: upload, times: 1, reply: "450 Busy, try again"}]
expect: [{when: upload, times: 2, gap: 400ms+}]
`)
	if err := upload(badftp.address("2121"), 3); err != nil {
		t.Fatal(err)
	}
	if stored := badftp.ask("GET", "/files/report.csv", ""); stored != report {
		t.Fatalf("stored: %q", stored)
	}
	badftp.ask("GET", "/verify?format=text", "")
}

func TestAShippedScenario(t *testing.T) {
	badftp := start(t)
	badftp.ask("PUT", "/scenario", "ftp/data-425")
	var refusal *textproto.Error
	if err := upload(badftp.address("2121"), 1); !errors.As(err, &refusal) || refusal.Code != 425 {
		t.Fatal(err)
	}
	badftp.ask("GET", "/verify?format=text", "")
}
