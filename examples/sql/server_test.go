//go:build unix

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
)

// Servers of the tests: each is started when the first test needs it, in a folder of its
// own with a socket there and no port, and stopped after the last one.

func TestMain(m *testing.M) {
	if args := os.Getenv(asProgram); args != "" {
		os.Exit(run(context.Background(), strings.Fields(args), os.Stdout, os.Stderr))
	}
	code := m.Run()
	for _, stop := range stops {
		stop()
	}
	os.Exit(code)
}

// asProgram has the arguments with which a process of the tests is the program.
const asProgram = "SQL_TEST_ARGUMENTS"

var stops []func()

var errNotInstalled = errors.New("not installed")

// executable finds a program in the path, or where Debian puts those of PostgreSQL.
func executable(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%s is %w", name, errNotInstalled)
	}
	return slices.Max(found), nil
}

// A place is a folder in which a server runs, as an ordinary user: neither runs as root.
type place struct {
	folder     string
	credential *syscall.Credential
}

func newPlace(owner string) (p place, err error) {
	// Not in t.TempDir, which no other user may enter. A socket has a short path.
	if p.folder, err = os.MkdirTemp("/tmp", "sql"); err != nil {
		return p, err
	}
	stops = append(stops, func() { os.RemoveAll(p.folder) })
	if os.Getuid() != 0 {
		return p, nil
	}
	u, err := user.Lookup(owner)
	if err != nil {
		return p, fmt.Errorf("user %s: %w", owner, errNotInstalled)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	p.credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return p, os.Chown(p.folder, int(uid), int(gid))
}

func (p place) command(name string, args ...string) (*exec.Cmd, error) {
	path, err := executable(name)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = p.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.credential}
	return cmd, nil
}

func (p place) run(name string, args ...string) error {
	cmd, err := p.command(name, args...)
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(p.folder, name+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log // no pipe, which the server would hold open
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w: %s", name, err, text)
	}
	return nil
}

// postgres starts PostgreSQL, and returns the folder of its socket.
var postgres = sync.OnceValues(func() (string, error) {
	if _, err := executable("initdb"); err != nil {
		return "", err
	}
	p, err := newPlace("postgres")
	if err != nil {
		return "", err
	}
	data := filepath.Join(p.folder, "data")
	if err := p.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return "", err
	}
	// Far from UTC, so that no view depends on the zone of the server.
	options := "-F -h '' -k " + p.folder + " -c timezone=America/St_Johns"
	if err := p.run("pg_ctl", "-D", data, "-w", "-o", options, "start"); err != nil {
		return "", err
	}
	stops = slices.Insert(stops, 0, func() { p.run("pg_ctl", "-D", data, "-m", "immediate", "stop") })
	return p.folder, nil
})

// mariadb starts MariaDB, and returns its socket.
var mariadb = sync.OnceValues(func() (string, error) {
	if _, err := executable("mariadb-install-db"); err != nil {
		return "", err
	}
	p, err := newPlace("mysql")
	if err != nil {
		return "", err
	}
	data, socket := filepath.Join(p.folder, "data"), filepath.Join(p.folder, "socket")
	if err := p.run("mariadb-install-db", "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db"); err != nil {
		return "", err
	}
	cmd, err := p.command("mariadbd", "--no-defaults", "--datadir="+data, "--socket="+socket, "--skip-networking",
		"--pid-file="+filepath.Join(p.folder, "pid"), "--default-time-zone=-03:30", "--innodb-flush-log-at-trx-commit=0",
		"--log-error="+filepath.Join(p.folder, "log"))
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	stops = slices.Insert(stops, 0, func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 300 {
		if _, err := os.Stat(socket); err == nil {
			return socket, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return "", errors.New("mariadbd has no socket after half a minute")
})

// newName returns the name of a database that no other test has.
var newName = func() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("t%d", n)
	}
}()

// newDSN returns the address of an empty database of a kind. The test is skipped where the
// server is not installed.
func newDSN(t *testing.T, kind string) string {
	t.Helper()
	var server, admin, dsn string
	var err error
	name := newName()
	switch kind {
	case "sqlite":
		return filepath.Join(t.TempDir(), "events.db")
	case "postgres":
		server, err = postgres()
		admin, dsn = "postgres:///postgres?user=postgres&host="+server, "postgres:///"+name+"?user=postgres&host="+server
	case "mysql":
		server, err = mariadb()
		admin, dsn = "mysql://root@unix("+server+")/mysql", "mysql://root@unix("+server+")/"+name
	}
	if errors.Is(err, errNotInstalled) {
		t.Skip("skipped: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	db := opened(t, admin)
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// opened opens a database for the time of a test.
func opened(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, _, err := open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func dialectOf(t *testing.T, dsn string) eventtable.Dialect {
	t.Helper()
	db, dialect, err := open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	return dialect
}
