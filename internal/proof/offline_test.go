//go:build linux

package proof_test

import (
	"context"
	"net/netip"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"rathaus/internal/proof"
)

// isolatedEnv is set for the copy of the test that runs without a network.
const isolatedEnv = "RATHAUS_TEST_ISOLATED"

// Requirement rows 000-24, 001-16: everything works where there is no network
// but the machine itself: no name is resolved and nothing is fetched.
func TestTheProgramWorksWithoutANetwork(t *testing.T) {
	if os.Getenv(isolatedEnv) == "" {
		isolate(t)
		return
	}
	h := &proof.House{Binary: binary(t), Dir: t.TempDir()}
	people := people(t, h, 4)
	p := start(t, h)
	aDayAtWork(t, p, people)
}

// isolate runs this test again in a network namespace with nothing in it.
func isolate(t *testing.T) {
	t.Helper()
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Skip("there is no unshare; on Debian: apt-get install util-linux")
	}
	const setUp = "ip link set lo up"
	args := []string{"--net"}
	if os.Getuid() != 0 {
		args = []string{"--net", "--map-root-user"}
	}
	if out, err := exec.CommandContext(t.Context(), unshare, append(args, "sh", "-c", setUp)...).CombinedOutput(); err != nil {
		t.Skipf("this system does not let tests leave the network: %v %s", err, out)
	}
	again := setUp + ` && exec "$0" -test.run='^TestTheProgramWorksWithoutANetwork$' -test.v`
	cmd := exec.CommandContext(t.Context(), unshare, append(args, "sh", "-c", again, os.Args[0])...)
	cmd.Env = append(os.Environ(), isolatedEnv+"=1", binaryEnv+"="+binary(t))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestTheProgramWorksWithoutANetwork") {
		t.Errorf("without a network: %v\n%s", err, out)
	}
}

// aDayAtWork is a little of everything that people do.
func aDayAtWork(t *testing.T, p *proof.Process, people []proof.Person) {
	t.Helper()
	c := gather(t, people, p)
	c.acknowledgements(100)
	var meeting struct {
		ID string `json:"id"`
	}
	if err := p.Call(t.Context(), people[0], "POST", "/meet/meetings", map[string]any{"room_id": c.rooms[0]}, &meeting); err != nil {
		t.Fatalf("start a call: %v", err)
	}
	tab, err := proof.Open(t.Context(), p.URL, people[0], proof.Ears{})
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	for _, op := range []string{"join", "enter", "offer"} {
		if err := tab.Ask(t.Context(), op, "meeting:"+meeting.ID, -1, map[string]any{}, nil); err != nil {
			t.Fatalf("%s a meeting: %v", op, err)
		}
	}
	c.end()
	c.check(p)
}

var (
	family  = regexp.MustCompile(`sa_family=(AF_\w+)`)
	address = regexp.MustCompile(`(?:inet_addr\(|inet_pton\(AF_INET6, |sin6_addr=.*?)"([0-9a-f.:]+)"`)
)

// Requirement row 000-24: the program speaks to nobody on its own account. On
// a machine with a network, its system calls show whom it addresses.
func TestTheProgramAddressesNobodyButItsClients(t *testing.T) {
	h := &proof.House{Binary: binary(t), Dir: t.TempDir()}
	people := people(t, h, 4)
	file := traced(t, h, "connect,sendto,sendmsg,sendmmsg")
	p := start(t, h)
	aDayAtWork(t, p, people)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if code, err := p.Terminate(ctx); err != nil || code != 0 {
		t.Fatalf("the program ended with %d: %v", code, err)
	}
	for _, c := range readTrace(t, file) {
		m := family.FindStringSubmatch(c.text)
		if m == nil || m[1] == "AF_UNIX" || m[1] == "AF_NETLINK" {
			continue
		}
		a := address.FindStringSubmatch(c.text)
		if a == nil {
			t.Errorf("unknown address: %.200s", c.text)
			continue
		}
		if ip, err := netip.ParseAddr(a[1]); err != nil || !ip.IsLoopback() {
			t.Errorf("the program addresses %s: %.200s", a[1], c.text)
		}
	}
}
