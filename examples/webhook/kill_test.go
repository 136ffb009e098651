//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// The test itself is the server that is killed, if this variable has its arguments.
const asServer = "WEBHOOK_TEST_SERVER"

func TestMain(m *testing.M) {
	if args := os.Getenv(asServer); args != "" {
		os.Args = append(os.Args[:1], strings.Split(args, "\n")...)
		main()
	}
	os.Exit(m.Run())
}

// started starts a server with a file of SQLite.
func started(t *testing.T, address, file string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), asServer+"="+strings.Join([]string{"-db", file, "-listen", address, "-unsigned"}, "\n"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 500 {
		if response, err := http.Get("http://" + address + "/healthz"); err == nil {
			response.Body.Close()
			return cmd
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the server does not start")
	return nil
}

// A server that is killed, several times and in the middle of deliveries, has all that it
// acknowledged, and what is sent again counts once.
func TestKilled(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	file := filepath.Join(t.TempDir(), "events.db")
	const form = `{"event":"message_created","id":%d,"message_type":"incoming","created_at":%d,"private":false,"conversation":{"id":%d,"channel":"Channel::Email"},"sender":{"id":1}}`
	body := func(i int) string { return fmt.Sprintf(form, i, 1772442000+i, i%50) }
	deliver := func(i int) bool {
		response, err := http.Post("http://"+address+"/webhooks/chatwoot", "application/json", strings.NewReader(body(i)))
		if err != nil {
			return false
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		return err == nil && response.StatusCode == http.StatusOK && bytes.Contains(answer, []byte(`"new":`))
	}
	var mu sync.Mutex
	var acknowledged []string
	next, refused := 0, 0
	for range 4 {
		cmd := started(t, address, file)
		var senders sync.WaitGroup
		for range 3 {
			senders.Go(func() {
				for {
					mu.Lock()
					i := next
					next++
					mu.Unlock()
					ok := deliver(i)
					mu.Lock()
					if ok {
						acknowledged = append(acknowledged, fmt.Sprint(i))
					} else {
						refused++
					}
					mu.Unlock()
					if !ok {
						return
					}
				}
			})
		}
		time.Sleep(400 * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil { // SIGKILL: nothing is tidied up
			t.Fatal(err)
		}
		cmd.Wait()
		senders.Wait()
	}
	if len(acknowledged) < 40 || refused == 0 {
		t.Fatalf("%d deliveries were acknowledged, and %d were not: too few", len(acknowledged), refused)
	}
	started(t, address, file)
	for i := range next {
		if !deliver(i) {
			t.Fatalf("delivery %d is refused", i)
		}
	}
	store, err := openStore(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer store.db.Close()
	var ids []string
	if err := store.read(t.Context(), func(e metrics.Event) error {
		ids = append(ids, string(metrics.RecordOf(e).ID))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(ids) != next {
		t.Errorf("%d events are stored, want %d, each once", len(ids), next)
	}
	for _, id := range acknowledged {
		if !slices.Contains(ids, id) {
			t.Errorf("event %s was acknowledged and is lost", id)
		}
	}
}
