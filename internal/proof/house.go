//go:build linux

package proof

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing/fstest"
	"time"

	"golang.org/x/sync/errgroup"

	"rathaus/internal/access"
	"rathaus/internal/app"
	"rathaus/internal/clock"
	"rathaus/internal/config"
	"rathaus/internal/directory"
)

// startTimeout is how long a process may take until it listens.
const startTimeout = 60 * time.Second

// Build compiles the program into dir and returns the path of the binary.
func Build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "rathaus")
	cmd := exec.CommandContext(ctx, "go", "build", "-tags", "nomsgpack", "-o", path, "rathaus")
	cmd.Dir = sourceRoot()
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
}

func sourceRoot() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// House is one installation: a binary and where its data is. Only one process
// runs on it at a time.
type House struct {
	Binary string
	Dir    string   // data; the SQLite database is in it
	DSN    string   // PostgreSQL instead of SQLite
	Prefix []string // what runs the binary: strace, unshare
	Env    []string // further variables
}

// Person is somebody with a session.
type Person struct {
	ID     string
	Name   string
	Cookie string
}

func (h *House) config() (*config.Config, error) {
	ports, err := FreePorts(1)
	if err != nil {
		return nil, err
	}
	media, err := strconv.Atoi(ports[0])
	if err != nil {
		return nil, err
	}
	cfg := config.Default()
	cfg.Data.Dir = h.Dir
	cfg.Server.PublicURL = "http://127.0.0.1"
	cfg.Meet.UDPPort, cfg.Meet.TCPPort = media, media
	if h.DSN != "" {
		cfg.Database.Driver, cfg.Database.DSN = config.DriverPostgres, config.Secret(h.DSN)
	}
	return cfg, nil
}

// People makes n people with a session each, while no process runs. The first
// one is an administrator.
func (h *House) People(ctx context.Context, n int) (_ []Person, err error) {
	cfg, err := h.config()
	if err != nil {
		return nil, err
	}
	program, err := app.New(ctx, app.Options{
		Config: cfg, Log: slog.New(slog.DiscardHandler), Clock: clock.System, Version: "proof",
		Web: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}},
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, program.Close(context.WithoutCancel(ctx))) }()
	people := make([]Person, n)
	var all errgroup.Group
	all.SetLimit(64) // these share transactions
	for i := range people {
		all.Go(func() (err error) {
			people[i], err = newcomer(ctx, program, i)
			return err
		})
	}
	return people, all.Wait()
}

func newcomer(ctx context.Context, program *app.Program, i int) (Person, error) {
	role := access.RoleMember
	if i == 0 {
		role = access.RoleAdmin
	}
	u, err := program.Directory().Create(ctx, directory.NewUser{Name: "Person " + strconv.Itoa(i), Role: role})
	if err != nil {
		return Person{}, err
	}
	token, err := program.Auth().OpenSession(ctx, u.ID, "proof")
	return Person{ID: u.ID, Name: u.Name, Cookie: program.Auth().CookieName() + "=" + token}, err
}

// Process is one run of the program.
type Process struct {
	URL     string // http://127.0.0.1:port
	Private string // where figures are
	PID     int    // of the program itself, not of what runs it

	cmd  *exec.Cmd
	mu   sync.Mutex
	log  strings.Builder // guarded by mu
	done chan struct{}   // closed when the process has ended
	err  error           // how it ended; set before done is closed
}

// Start runs the program and returns when it listens.
func (h *House) Start(ctx context.Context) (*Process, error) {
	ports, err := FreePorts(3)
	if err != nil {
		return nil, err
	}
	args := append(append([]string{}, h.Prefix...), h.Binary, "serve")
	p := &Process{done: make(chan struct{}), Private: "http://127.0.0.1:" + ports[1]}
	p.cmd = exec.CommandContext(ctx, args[0], args[1:]...)
	p.cmd.Dir = h.Dir
	p.cmd.Env = append(h.environment(ports), h.Env...)
	// A group of its own, so that a kill meets it and whatever runs it alike.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.cmd.Cancel = func() error { return syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }
	out, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	opened := make(chan string, 1)
	go p.follow(out, opened)
	return p.await(ctx, opened)
}

func (h *House) environment(ports []string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + h.Dir,
		"RATHAUS_SERVER_LISTEN=127.0.0.1:" + ports[0],
		"RATHAUS_SERVER_PUBLIC_URL=http://127.0.0.1:" + ports[0],
		"RATHAUS_SERVER_METRICS_LISTEN=127.0.0.1:" + ports[1],
		"RATHAUS_MEET_UDP_PORT=" + ports[2], "RATHAUS_MEET_TCP_PORT=" + ports[2],
		"RATHAUS_DATA_DIR=" + h.Dir,
	}
	if h.DSN != "" {
		env = append(env, "RATHAUS_DATABASE_DRIVER="+config.DriverPostgres, "RATHAUS_DATABASE_DSN="+h.DSN)
	}
	return env
}

// follow keeps the log until the process ends, and hears when it listens.
func (p *Process) follow(out io.Reader, opened chan<- string) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		p.mu.Lock()
		p.log.WriteString(line + "\n")
		p.mu.Unlock()
		if _, rest, ok := strings.Cut(line, `msg="portal is open" address=`); ok {
			address, _, _ := strings.Cut(rest, " ")
			opened <- address
		}
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

func (p *Process) await(ctx context.Context, opened <-chan string) (*Process, error) {
	late := time.NewTimer(startTimeout)
	defer late.Stop()
	select {
	case address := <-opened:
		p.URL, p.PID = "http://"+address, p.innermost()
		return p, nil
	case <-p.done:
		return nil, fmt.Errorf("the program ended at once: %w\n%s", p.err, p.Log())
	case <-late.C:
		p.Kill()
		return nil, fmt.Errorf("the program did not open within %s\n%s", startTimeout, p.Log())
	case <-ctx.Done():
		p.Kill()
		return nil, ctx.Err()
	}
}

// innermost follows children down to the program itself.
func (p *Process) innermost() int {
	pid := p.cmd.Process.Pid
	for {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
		fields := strings.Fields(string(b))
		if err != nil || len(fields) == 0 {
			return pid
		}
		if pid, err = strconv.Atoi(fields[0]); err != nil {
			return p.cmd.Process.Pid
		}
	}
}

// Log is what the program has written so far.
func (p *Process) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Kill ends the process as a power cut would, and waits until it is gone.
func (p *Process) Kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
	<-p.done
}

// Terminate asks the program to end and returns its exit code.
func (p *Process) Terminate(ctx context.Context) (int, error) {
	if err := syscall.Kill(p.PID, syscall.SIGTERM); err != nil {
		return -1, fmt.Errorf("ask the program to end: %w", err)
	}
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode(), nil
	case <-ctx.Done():
		p.Kill()
		return -1, fmt.Errorf("the program did not end: %w\n%s", ctx.Err(), p.Log())
	}
}

// Interrupt sends an interrupt to what runs the program, and waits until it is gone.
func (p *Process) Interrupt(ctx context.Context, pid int) error {
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		return fmt.Errorf("interrupt process %d: %w", pid, err)
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.Kill()
		return fmt.Errorf("process %d did not end: %w", pid, ctx.Err())
	}
}

// FreePorts finds ports that are free for TCP and UDP on the loopback interface. They lie below those that systems give to connections,
// so that none takes them by chance before the program listens, or while it starts again.
func FreePorts(n int) ([]string, error) {
	const first, last, tries = 12_000, 32_000, 1000
	var ports []string
	var failed error
	for range tries {
		port := strconv.Itoa(first + rand.IntN(last-first))
		tcp, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			failed = err
			continue
		}
		defer tcp.Close()
		udp, err := net.ListenPacket("udp", tcp.Addr().String())
		if err != nil {
			failed = err
			continue
		}
		if err := udp.Close(); err != nil {
			return nil, err
		}
		if ports = append(ports, port); len(ports) == n {
			return ports, nil
		}
	}
	return nil, fmt.Errorf("find free ports: %w", failed)
}
