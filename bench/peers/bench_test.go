package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoServerIsStartedWhenItIsInstalled: packages are installed while starts are forbidden; after that all is as it was.
func TestNoServerIsStartedWhenItIsInstalled(t *testing.T) {
	for _, c := range []struct {
		name, before string // what the machine's own policy is
		apt          string // what apt-get does when it installs
		fails        bool
	}{
		{name: "installed", apt: "exit 0"},
		{name: "not installed", apt: "exit 1", fails: true},
		{name: "ended on the way", apt: "kill -TERM $PPID", fails: true},
		{name: "a policy of the machine's", before: "#!/bin/sh\nexit 101 # ours\n", apt: "exit 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			policy, asked := filepath.Join(dir, "policy-rc.d"), filepath.Join(dir, "asked")
			apt := "#!/bin/sh\n[ $1 = install ] || exit 0\necho \"$@\" >" + asked + "\n" + policy + "\necho $? >>" + asked + "\n" + c.apt + "\n"
			if err := os.WriteFile(filepath.Join(dir, "apt-get"), []byte(apt), 0o755); err != nil {
				t.Fatal(err)
			}
			if c.before != "" {
				if err := os.WriteFile(policy, []byte(c.before), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command("../../install.sh", "nginx", "varnish")
			cmd.Env = append(os.Environ(), "POLICY_RC_D="+policy, "PATH="+dir+":"+os.Getenv("PATH"))
			out, err := cmd.CombinedOutput()
			if (err != nil) != c.fails {
				t.Errorf("%v: %s", err, out)
			}
			b, err := os.ReadFile(asked)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(b); !strings.Contains(got, "nginx varnish\n101\n") {
				t.Errorf("asked, with what the policy says: %q", got)
			}
			after, err := os.ReadFile(policy)
			if c.before == "" && !os.IsNotExist(err) || string(after) != c.before {
				t.Errorf("the policy is %q, %v after it", after, err)
			}
		})
	}
}
