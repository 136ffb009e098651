package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// postgres is a cluster of its own in a temporary folder, which listens on a Unix
// socket in that folder, and on nothing else; it goes with close.
type postgres struct {
	folder   string
	programs string // folder of initdb and pg_ctl
	asOther  bool   // the server must not run as root
	started  bool
}

// postgresUser runs the server where this program is run by root.
const postgresUser = "postgres"

func newPostgres() (p *postgres, absent string, err error) {
	programs := ""
	if path, err := exec.LookPath("initdb"); err == nil {
		programs = filepath.Dir(path)
	} else if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		programs = filepath.Dir(slices.Max(found))
	}
	if programs == "" {
		return nil, "no initdb of PostgreSQL found", nil
	}
	if _, err := exec.LookPath("psql"); err != nil {
		return nil, "no psql found", nil
	}
	p = &postgres{programs: programs, asOther: os.Getuid() == 0}
	var owner *user.User
	if p.asOther {
		if owner, err = user.Lookup(postgresUser); err != nil {
			return nil, "the server does not run as root, and there is no user " + postgresUser, nil
		}
	}
	if p.folder, err = os.MkdirTemp("", "bench-postgres"); err != nil {
		return nil, "", err
	}
	if owner != nil {
		uid, _ := strconv.Atoi(owner.Uid)
		gid, _ := strconv.Atoi(owner.Gid)
		if err := os.Chown(p.folder, uid, gid); err != nil {
			return nil, "", errors.Join(err, p.close())
		}
	}
	if err := p.server("initdb", "--no-sync", "--auth=trust", "--username="+postgresUser, "--encoding=UTF8", "--no-locale"); err != nil {
		return nil, "", errors.Join(err, p.close())
	}
	settings := "-c listen_addresses= -c unix_socket_directories=" + p.folder +
		" -c fsync=off -c shared_buffers=1GB -c work_mem=2GB -c max_wal_size=8GB -c max_parallel_workers_per_gather=0"
	p.started = true
	if err := p.server("pg_ctl", "--wait", "--log="+filepath.Join(p.folder, "log"), "-o", settings, "start"); err != nil {
		return nil, "", errors.Join(err, p.close())
	}
	return p, "", nil
}

// server runs a program of the server on the cluster.
func (p *postgres) server(program string, arguments ...string) error {
	arguments = append([]string{filepath.Join(p.programs, program), "-D", filepath.Join(p.folder, "data")}, arguments...)
	command := exec.Command(arguments[0], arguments[1:]...)
	if p.asOther {
		quoted := make([]string, len(arguments))
		for i, a := range arguments {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		command = exec.Command("su", postgresUser, "-s", "/bin/sh", "-c", strings.Join(quoted, " "))
	}
	command.Dir = p.folder
	// The server inherits the standard output: a pipe would never end.
	log, err := os.Create(filepath.Join(os.TempDir(), filepath.Base(p.folder)+"."+program))
	if err != nil {
		return err
	}
	defer os.Remove(log.Name())
	defer log.Close()
	command.Stdout, command.Stderr = log, log
	if err := command.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w\n%s", program, err, said)
	}
	return nil
}

func (p *postgres) ask(r request) (reply, error) {
	switch r.Do {
	case "open":
		return p.run("show server_version")
	case "load":
		if _, err := p.run("drop table if exists events; create unlogged table events " +
			"(ts bigint, conv int, channel smallint, agent smallint, kind smallint, stars smallint)"); err != nil {
			return reply{}, err
		}
		answer, err := p.run(`\copy events from '` + filepath.Join(r.Folder, "number.csv") + "' csv header")
		if err != nil {
			return reply{}, err
		}
		if _, err := p.run("vacuum analyze events"); err != nil { // not counted
			return reply{}, err
		}
		size, err := p.run("select pg_total_relation_size('events')")
		if err != nil {
			return reply{}, err
		}
		answer.Kept, err = strconv.ParseInt(size.Rows[0][0], 10, 64)
		answer.Rows = nil
		return answer, err
	case "query":
		return p.run(r.SQL)
	}
	return reply{}, fmt.Errorf("cannot %s", r.Do)
}

// run sends what psql understands. The time is that of psql, whose start takes some
// hundredths of a second.
func (p *postgres) run(text string) (reply, error) {
	command := exec.Command("psql", "--host="+p.folder, "--username="+postgresUser, "--no-psqlrc", "--quiet",
		"--no-align", "--tuples-only", "--field-separator=|", "--set=ON_ERROR_STOP=1", "--file=-", "postgres")
	command.Stdin = strings.NewReader(text + "\n")
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	begin := time.Now()
	if err := command.Run(); err != nil {
		return reply{}, fmt.Errorf("PostgreSQL: %w: %s", err, &said)
	}
	answer := reply{Seconds: time.Since(begin).Seconds()}
	for line := range strings.Lines(out.String()) {
		answer.Rows = append(answer.Rows, strings.Split(strings.TrimSpace(line), "|"))
	}
	return answer, nil
}

func (p *postgres) close() error {
	var err error
	if p.started {
		err = p.server("pg_ctl", "--mode=immediate", "stop")
	}
	return errors.Join(err, os.RemoveAll(p.folder))
}
